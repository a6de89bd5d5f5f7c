"""100 epochs of segmentation on a cosine, each iteration; batch 16; auxiliary head x10."""

_cosine = dict(type='WarmupCosineRestartLR', periods=[100], convert_to_iter_based=True)

train_cfg = dict(type='AlternatingEpochLoop', max_epochs=100, val_interval=5)
optim_wrapper = dict(
    constructor='PerNetOptimWrapperConstructor',
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4, weight_decay=0.0)),
    task=dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=2e-2, momentum=0.9, weight_decay=1e-6),
        paramwise_cfg=dict(custom_keys=dict(auxiliary_head=dict(lr_mult=10.0))),
    ),
)
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(enable=False, base_batch_size=16)
randomness = dict(seed=200)
