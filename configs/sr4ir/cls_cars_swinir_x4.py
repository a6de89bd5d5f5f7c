"""Table 3, row SR4IR, SwinIR x4: Stanford Cars classification.

Paper: Top-1 85.1, LPIPS 0.136. GPUs: 8 x 16 images.
Command: tools/dist_train.sh configs/sr4ir/cls_cars_swinir_x4.py 8
"""

_base_ = ['../_base_/pairs/cls_cars_swinir_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_200e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=16)
