"""The 30 epochs of SR4IR: the cosine restarts where the TDP loss sets in, after epoch 3."""

_base_ = './det_30e.py'

_restart = dict(
    type='CosineRestartLR',
    periods=[2, 27],
    restart_weights=[1, 1],
    by_epoch=True,
    begin=1,
    end=30,
    convert_to_iter_based=True,
)

param_scheduler = dict(
    _delete_=True,
    sr=[_base_._linear, dict(_restart, eta_min=1e-6)],
    task=[_base_._linear, dict(_restart, eta_min=1e-4)],
)
custom_hooks = [dict(type='TDPWarmupHook', begin=3)]
