"""VOC2012 segmentation behind EDSR-baseline x8."""

_base_ = ['./seg.py', '../sr_nets/edsr_x8.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr=_base_.sr_weights))
