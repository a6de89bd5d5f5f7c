"""The 200 epochs of SR4IR: the cosine restarts where the TDP loss sets in, after epoch 20."""

_base_ = './cls_200e.py'

_restart = dict(
    type='CosineRestartLR',
    periods=[20, 180],
    restart_weights=[1, 1],
    by_epoch=True,
    begin=0,
    end=200,
    convert_to_iter_based=True,
)

param_scheduler = dict(
    _delete_=True, sr=[dict(_restart, eta_min=1e-6)], task=[dict(_restart, eta_min=1e-4)]
)
custom_hooks = [dict(type='TDPWarmupHook', begin=20)]
