"""15 epochs of the SR net alone, at three times the rate."""

_base_ = './cls_20e.py'

train_cfg = dict(max_epochs=15)
optim_wrapper = dict(sr=dict(optimizer=dict(lr=3e-4)))
param_scheduler = dict(sr=[dict(_base_._cosine, periods=[15])])
