"""30 epochs of detection: a linear epoch, then a cosine, each iteration; batch 16."""

_linear = dict(
    type='LinearLR',
    start_factor=1 / 357,
    by_epoch=True,
    begin=0,
    end=1,
    convert_to_iter_based=True,
)
# The reference keeps the cosine's period at 30 epochs, so its last thirtieth is never reached.
_cosine = dict(
    type='CosineAnnealingLR',
    T_max=30,
    by_epoch=True,
    begin=1,
    end=30,
    convert_to_iter_based=True,
)

train_cfg = dict(type='AlternatingEpochLoop', max_epochs=30, val_interval=5)
optim_wrapper = dict(
    constructor='SeparateOptimWrapperConstructor',
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)),
    task=dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=2e-2, momentum=0.9, weight_decay=1e-4),
    ),
)
param_scheduler = dict(
    sr=[_linear, dict(_cosine, eta_min=1e-6)], task=[_linear, dict(_cosine, eta_min=1e-4)]
)
auto_scale_lr = dict(enable=False, base_batch_size=16)
randomness = dict(seed=100)
