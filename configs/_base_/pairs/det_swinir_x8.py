"""VOC2012 detection behind SwinIR x8."""

_base_ = ['./det.py', '../sr_nets/swinir_x8.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
