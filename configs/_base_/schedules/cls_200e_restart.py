"""The 200 epochs of SR4IR: the cosine restarts where the TDP loss sets in, after epoch 20."""

_base_ = './cls_200e.py'

_restart = dict(_base_._cosine, periods=[20, 180])

param_scheduler = dict(sr=[dict(_restart, eta_min=1e-6)], task=[dict(_restart, eta_min=1e-4)])
custom_hooks = [dict(type='TDPWarmupHook', begin=20)]
