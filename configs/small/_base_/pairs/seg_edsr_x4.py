"""The segmentor behind the small EDSR x4, which starts as that of the setting s ended."""

_base_ = ['./seg.py', '../sr_nets/edsr_x4.py']

model = dict(sr=_base_.sr, scale=_base_.scale, init=dict(sr='work_dirs/small/s/seg_edsr_x4'))
