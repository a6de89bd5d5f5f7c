"""Table 3, row SR4IR, SwinIR x8: Stanford Cars classification.

Paper: Top-1 73.9, LPIPS 0.292. GPUs: 4 x 32 images.
Command: tools/dist_train.sh configs/sr4ir/cls_cars_swinir_x8.py 4
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x8.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_200e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=32)
