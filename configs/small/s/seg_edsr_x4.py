"""The small benchmark, row S, the first step of S -> T, EDSR x4: CamVid.

GPUs: 1 x 16 images.
Command: python tools/train.py configs/small/s/seg_edsr_x4.py
"""

_base_ = ['../_base_/pairs/seg_edsr_x4.py', '../../_base_/settings/s.py',
          '../_base_/schedules/seg_60e_s.py']  # fmt: skip

model = dict(task=None, init=None)
val_evaluator = _base_.val_evaluator[1:]  # without the score
test_evaluator = _base_.test_evaluator[1:]
