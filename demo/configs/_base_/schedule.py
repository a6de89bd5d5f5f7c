"""Ten epochs that suffice for the textures."""

_base_ = '../../../configs/_base_/schedules/det_30e.py'

_annealing = dict(type='CosineAnnealingLR', by_epoch=True, convert_to_iter_based=True, eta_min=1e-6)

train_cfg = dict(max_epochs=10, val_interval=100)
optim_wrapper = dict(
    sr=dict(optimizer=dict(lr=5e-4)),
    task=dict(
        optimizer=dict(_delete_=True, type='AdamW', lr=1e-3, weight_decay=1e-4),
        clip_grad=dict(max_norm=10.0),
    ),
)
param_scheduler = dict(_delete_=True, sr=[_annealing], task=[_annealing])
