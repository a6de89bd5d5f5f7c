"""100 epochs of segmentation; batch 16; the auxiliary head learns ten times as fast."""

_base_ = './alternating.py'

_cosine = dict(_base_._cosine, periods=[100])

train_cfg = dict(max_epochs=100, val_interval=5)
optim_wrapper = dict(
    task=dict(
        optimizer=dict(lr=2e-2, weight_decay=1e-6),
        paramwise_cfg=dict(custom_keys=dict(auxiliary_head=dict(lr_mult=10.0))),
    ),
)
param_scheduler = dict(sr=[dict(_cosine, eta_min=1e-6)], task=[dict(_cosine, eta_min=1e-4)])
auto_scale_lr = dict(base_batch_size=16)
randomness = dict(seed=200)
