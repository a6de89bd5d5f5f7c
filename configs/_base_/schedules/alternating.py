"""What the schedules share: AdamW for S, SGD for T, each on a cosine that steps by iterations."""

_cosine = dict(type='WarmupCosineRestartLR', convert_to_iter_based=True)

train_cfg = dict(type='AlternatingEpochLoop')
optim_wrapper = dict(
    constructor='PerNetOptimWrapperConstructor',
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)),
    task=dict(type='OptimWrapper', optimizer=dict(type='SGD', momentum=0.9)),
)
auto_scale_lr = dict(enable=False)
