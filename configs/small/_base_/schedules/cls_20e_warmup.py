"""The same with TDP after the second epoch."""

_base_ = './cls_20e.py'

custom_hooks = [dict(type='TDPWarmupHook', begin=2)]
