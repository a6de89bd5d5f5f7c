"""The 100 epochs of SR4IR: the cosine restarts where the TDP loss sets in, after epoch 10."""

_base_ = './seg_100e.py'

_restart = dict(_base_._cosine, periods=[10, 90])

param_scheduler = dict(sr=[dict(_restart, eta_min=1e-6)], task=[dict(_restart, eta_min=1e-4)])
custom_hooks = [dict(type='TDPWarmupHook', begin=10)]
