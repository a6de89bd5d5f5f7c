"""Table 3, row T -> S, EDSR-baseline x4: CUB-200-2011 classification.

Paper: Top-1 70.5, LPIPS 0.208. GPUs: 1 x 128 images.
Command: python tools/train.py configs/t2s/cls_cub_edsr_x4.py
Needs: configs/h2t/cls_cub.py, trained before.
"""

_base_ = ['../_base_/pairs/cls_cub_edsr_x4.py', '../_base_/settings/t2s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(init=dict(_delete_=True, sr=_base_.sr_weights, task='work_dirs/h2t/cls_cub'))
