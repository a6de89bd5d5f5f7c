"""The same with TDP after the fourth epoch."""

_base_ = './seg_40e.py'

custom_hooks = [dict(type='TDPWarmupHook', begin=4)]
