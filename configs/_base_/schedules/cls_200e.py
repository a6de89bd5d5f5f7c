"""200 epochs of classification; batch 128."""

_base_ = './alternating.py'

_cosine = dict(_base_._cosine, periods=[200])

train_cfg = dict(max_epochs=200, val_interval=10)
optim_wrapper = dict(task=dict(optimizer=dict(lr=3e-2, weight_decay=1e-4)))
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(base_batch_size=128)
randomness = dict(seed=200)
