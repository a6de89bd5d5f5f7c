"""200 epochs of classification on a cosine, each iteration; batch 128."""

_cosine = dict(type='WarmupCosineRestartLR', periods=[200], convert_to_iter_based=True)

train_cfg = dict(type='AlternatingEpochLoop', max_epochs=200, val_interval=10)
optim_wrapper = dict(
    constructor='PerNetOptimWrapperConstructor',
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)),
    task=dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=3e-2, momentum=0.9, weight_decay=1e-4),
    ),
)
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(enable=False, base_batch_size=128)
randomness = dict(seed=200)
