"""The textures behind a narrow EDSR x4 beside a bilinear skip, which starts as the demo's S."""

_base_ = ['./cls.py', '../../../configs/small/_base_/sr_nets/edsr_x4.py']

model = dict(
    sr=dict(_base_.sr, net=dict(_base_.sr.net, num_blocks=4, mid_channels=24)),
    scale=_base_.scale,
    init=dict(sr='work_dirs/demo/s'),
)
