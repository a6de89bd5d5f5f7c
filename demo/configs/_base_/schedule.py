"""24 epochs that suffice for the textures, the first one a linear warm-up."""

_base_ = '../../../configs/_base_/schedules/alternating.py'

_cosine = dict(_base_._cosine, periods=[23], warmup=1)

train_cfg = dict(max_epochs=24, val_interval=100)
optim_wrapper = dict(
    sr=dict(optimizer=dict(lr=1e-3)),
    task=dict(optimizer=dict(_delete_=True, type='AdamW', lr=1e-3, weight_decay=1e-4)),
)
param_scheduler = dict(sr=[_cosine], task=[_cosine])
auto_scale_lr = dict(base_batch_size=32)
randomness = dict(seed=100)
