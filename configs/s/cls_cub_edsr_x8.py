"""Table 3, row S, the first step of S -> T, EDSR-baseline x8: CUB-200-2011 classification.

Paper: LPIPS 0.365. GPUs: 1 x 128 images.
Command: python tools/train.py configs/s/cls_cub_edsr_x8.py
"""

_base_ = ['../_base_/pairs/cls_cub_edsr_x8.py', '../_base_/settings/s.py',
          '../_base_/schedules/cls_200e.py']  # fmt: skip

model = dict(task=None, init=dict(_delete_=True, sr=_base_.sr_weights))
val_evaluator = test_evaluator = _base_.val_evaluator[1:]  # without the score
