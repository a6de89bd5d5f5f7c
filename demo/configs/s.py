"""S of the demo; in place of DIV2K weights, s2t and sr4ir start from it."""

_base_ = [
    './_base_/cls_edsr_x4.py',
    '../../configs/_base_/settings/s.py',
    './_base_/schedule.py',
]

model = dict(task=None, init=None)
optim_wrapper = dict(sr=dict(optimizer=dict(lr=2e-3)))
val_evaluator = test_evaluator = [dict(type='PSNR')]
