"""S of the demo; in the place of DIV2K weights, s2t and sr4ir start from it."""

_base_ = ['../../configs/s/det_edsr_x4.py', './_base_/demo.py']

model = dict(init=None, sr=_base_.demo.sr)
train_dataloader = _base_.demo.train_dataloader
val_dataloader = test_dataloader = _base_.demo.val_dataloader
val_evaluator = test_evaluator = [dict(type='PSNR')]
optim_wrapper = _base_.demo.optim_wrapper
param_scheduler = _base_.demo.param_scheduler
train_cfg = dict(_base_.demo.train_cfg, max_epochs=16)
default_hooks = _base_.demo.default_hooks
