"""10 epochs of detection, batch 16, the first one a linear warm-up."""

_base_ = '../../../_base_/schedules/alternating.py'

_cosine = dict(_base_._cosine, periods=[9], warmup=1)

train_cfg = dict(max_epochs=10, val_interval=5)
optim_wrapper = dict(
    task=dict(optimizer=dict(lr=1e-2, weight_decay=1e-4), clip_grad=dict(max_norm=10.0))
)
param_scheduler = dict(sr=[_cosine], task=[_cosine])
auto_scale_lr = dict(base_batch_size=16)
randomness = dict(seed=0)
