"""Table 3, row S + T, SwinIR x8: CUB-200-2011 classification.

Paper: Top-1 61.2, LPIPS 0.364. GPUs: 2 x 64 images.
Command: tools/dist_train.sh configs/joint/cls_cub_swinir_x8.py 2
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x8.py', '../_base_/settings/joint.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

train_dataloader = dict(batch_size=64)
