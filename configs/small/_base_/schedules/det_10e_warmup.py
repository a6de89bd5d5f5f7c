"""The same with TDP after the first epoch."""

_base_ = './det_10e.py'

custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
