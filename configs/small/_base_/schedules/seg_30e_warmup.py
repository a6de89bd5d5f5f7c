"""The same with TDP after the third epoch."""

_base_ = './seg_30e.py'

custom_hooks = [dict(type='TDPWarmupHook', begin=3)]
