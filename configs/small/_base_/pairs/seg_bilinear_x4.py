"""The segmentor behind bilinear up-sampling x4."""

_base_ = ['./seg.py', '../../../_base_/sr_nets/bilinear_x4.py']

model = dict(sr=_base_.sr, scale=_base_.scale)
