"""S -> T of the demo."""

_base_ = [
    './_base_/cls_edsr_x4.py',
    '../../configs/_base_/settings/s2t.py',
    './_base_/schedule.py',
]
