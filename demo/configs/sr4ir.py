"""SR4IR of the demo."""

_base_ = ['../../configs/sr4ir/det_edsr_x4.py', './_base_/demo.py']

model = dict(_base_.demo.model, sr=_base_.demo.sr, init=dict(_delete_=True, sr='work_dirs/demo/s'))
train_dataloader = _base_.demo.train_dataloader
val_dataloader = test_dataloader = _base_.demo.val_dataloader
val_evaluator = _base_.demo.val_evaluator
test_evaluator = _base_.demo.test_evaluator
optim_wrapper = _base_.demo.optim_wrapper
param_scheduler = _base_.demo.param_scheduler
train_cfg = _base_.demo.train_cfg
default_hooks = _base_.demo.default_hooks
custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
