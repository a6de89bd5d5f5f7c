"""Stanford Cars classification behind SwinIR x4."""

_base_ = ['./cls_cars.py', '../sr_nets/swinir_x4.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
