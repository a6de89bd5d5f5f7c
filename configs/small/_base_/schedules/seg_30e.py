"""30 epochs of segmentation, batch 16, one cosine each."""

_base_ = '../../../_base_/schedules/alternating.py'

_cosine = dict(_base_._cosine, periods=[30])

train_cfg = dict(max_epochs=30, val_interval=10)
optim_wrapper = dict(task=dict(optimizer=dict(lr=2e-2, weight_decay=1e-4)))
param_scheduler = dict(sr=[_cosine], task=[_cosine])
auto_scale_lr = dict(base_batch_size=16)
randomness = dict(seed=0)
