"""CUB-200-2011 classification behind EDSR-baseline x4."""

_base_ = ['./cls_cub.py', '../sr_nets/edsr_x4.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
