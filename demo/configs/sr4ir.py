"""SR4IR of the demo."""

_base_ = [
    './_base_/cls_edsr_x4.py',
    '../../configs/_base_/settings/sr4ir.py',
    './_base_/schedule.py',
]

# So weighed, TDP is about as large as the pixel loss here.
phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=0.3))),
    _base_.phases[1],
]
custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
