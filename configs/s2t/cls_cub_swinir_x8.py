"""Table 3, row S -> T, SwinIR x8: CUB-200-2011 classification.

Paper: Top-1 61.2, LPIPS 0.349. GPUs: 2 x 64 images.
Command: tools/dist_train.sh configs/s2t/cls_cub_swinir_x8.py 2
Needs: configs/s/cls_cub_swinir_x8.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x8.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/cls_cub_swinir_x8'))
train_dataloader = dict(batch_size=64)
