"""30 epochs of detection, the first one a linear warm-up; batch 16.

The authors' code keeps the period at 30 epochs, so that its last thirtieth is never reached.
"""

_base_ = './alternating.py'

_cosine = dict(_base_._cosine, periods=[30], warmup=1)

train_cfg = dict(max_epochs=30, val_interval=5)
optim_wrapper = dict(task=dict(optimizer=dict(lr=2e-2, weight_decay=1e-4)))
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(base_batch_size=16)
randomness = dict(seed=100)
