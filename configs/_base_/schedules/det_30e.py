"""30 epochs of detection: a linear epoch, then a cosine, each iteration; batch 16.

The reference keeps the period at 30 epochs, so that its last thirtieth is never reached.
"""

_cosine = dict(type='WarmupCosineRestartLR', periods=[30], warmup=1, convert_to_iter_based=True)

train_cfg = dict(type='AlternatingEpochLoop', max_epochs=30, val_interval=5)
optim_wrapper = dict(
    constructor='PerNetOptimWrapperConstructor',
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)),
    task=dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=2e-2, momentum=0.9, weight_decay=1e-4),
    ),
)
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(enable=False, base_batch_size=16)
randomness = dict(seed=100)
