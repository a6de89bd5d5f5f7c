"""I_LR -> T of the demo."""

_base_ = [
    './_base_/cls_bilinear_x4.py',
    '../../configs/_base_/settings/l2t.py',
    './_base_/schedule.py',
]
