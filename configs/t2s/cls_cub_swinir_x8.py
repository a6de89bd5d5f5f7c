"""Table 3, row T -> S, SwinIR x8: CUB-200-2011 classification.

Paper: Top-1 58.7, LPIPS 0.377. GPUs: 2 x 64 images.
Command: tools/dist_train.sh configs/t2s/cls_cub_swinir_x8.py 2
Needs: configs/h2t/cls_cub.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cub_swinir_x8.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/cls_cub'))
train_dataloader = dict(batch_size=64)
