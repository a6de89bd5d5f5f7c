"""The same with TDP after the sixth epoch."""

_base_ = './seg_60e.py'

custom_hooks = [dict(type='TDPWarmupHook', begin=6)]
