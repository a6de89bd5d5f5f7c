"""I_LR -> T of the demo."""

_base_ = ['../../configs/l2t/det_x4.py', './_base_/demo.py']

model = _base_.demo.model
train_dataloader = _base_.demo.train_dataloader
val_dataloader = test_dataloader = _base_.demo.val_dataloader
val_evaluator = _base_.demo.val_evaluator
test_evaluator = _base_.demo.test_evaluator
optim_wrapper = _base_.demo.optim_wrapper
param_scheduler = _base_.demo.param_scheduler
train_cfg = _base_.demo.train_cfg
default_hooks = _base_.demo.default_hooks
