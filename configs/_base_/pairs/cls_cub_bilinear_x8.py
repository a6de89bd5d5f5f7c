"""CUB-200-2011 classification behind bilinear up-sampling x8."""

_base_ = ['./cls_cub.py', '../sr_nets/bilinear_x8.py']

model = dict(sr=_base_.sr, scale=_base_.scale)
