"""SR4IR of the demo."""

_base_ = [
    './_base_/cls_edsr_x4.py',
    '../../configs/_base_/settings/sr4ir.py',
    './_base_/schedule.py',
]

custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
