"""Table 3, row S -> T, SwinIR x4: CUB-200-2011 classification.

Paper: Top-1 72.8, LPIPS 0.201. GPUs: 4 x 32 images.
Command: tools/dist_train.sh configs/s2t/cls_cub_swinir_x4.py 4
Needs: configs/s/cls_cub_swinir_x4.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x4.py', '../_base_/settings/s2t.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(sr='work_dirs/s/cls_cub_swinir_x4'))
train_dataloader = dict(batch_size=32)
