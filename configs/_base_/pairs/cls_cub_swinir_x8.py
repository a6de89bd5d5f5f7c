"""CUB-200-2011 classification behind SwinIR x8."""

_base_ = ['./cls_cub.py', '../sr_nets/swinir_x8.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
