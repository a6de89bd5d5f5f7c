"""20 epochs of classification, batch 32, one cosine each."""

_base_ = '../../../_base_/schedules/alternating.py'

_cosine = dict(_base_._cosine, periods=[20])

train_cfg = dict(max_epochs=20, val_interval=5)
optim_wrapper = dict(task=dict(optimizer=dict(lr=2e-2, weight_decay=1e-4)))
param_scheduler = dict(sr=[_cosine], task=[_cosine])
auto_scale_lr = dict(base_batch_size=32)
randomness = dict(seed=0)
