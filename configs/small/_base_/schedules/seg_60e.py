"""60 epochs of segmentation, batch 16, one cosine each; the new head learns ten times as fast."""

_base_ = '../../../_base_/schedules/alternating.py'

_cosine = dict(_base_._cosine, periods=[60])

train_cfg = dict(max_epochs=60, val_interval=20)
optim_wrapper = dict(
    task=dict(
        optimizer=dict(lr=2e-2, weight_decay=1e-4),
        # At the rate of the backbone five of the eleven classes stay unlearnt, on HR images, too.
        paramwise_cfg=dict(custom_keys=dict(decode_head=dict(lr_mult=10.0))),
    ),
)
param_scheduler = dict(sr=[_cosine], task=[_cosine])
auto_scale_lr = dict(base_batch_size=16)
randomness = dict(seed=0)
