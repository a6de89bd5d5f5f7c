"""The 100 epochs of SR4IR: the cosine restarts where the TDP loss sets in, after epoch 10."""

_base_ = './seg_100e.py'

_restart = dict(
    type='CosineRestartLR',
    periods=[10, 90],
    restart_weights=[1, 1],
    by_epoch=True,
    begin=0,
    end=100,
    convert_to_iter_based=True,
)

param_scheduler = dict(
    _delete_=True, sr=[dict(_restart, eta_min=1e-6)], task=[dict(_restart, eta_min=1e-4)]
)
custom_hooks = [dict(type='TDPWarmupHook', begin=10)]
