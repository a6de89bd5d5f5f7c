"""Table 3, row SR4IR, SwinIR x4: CUB-200-2011 classification.

Paper: Top-1 74.7, LPIPS 0.157. GPUs: 8 x 16 images.
Command: tools/dist_train.sh configs/sr4ir/cls_cub_swinir_x4.py 8
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x4.py', '../_base_/settings/sr4ir.py',
          '../_base_/schedules/cls_200e_restart.py']  # fmt: skip

train_dataloader = dict(batch_size=16)
