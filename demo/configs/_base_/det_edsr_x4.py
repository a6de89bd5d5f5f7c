"""The textures behind a narrow EDSR x4, which starts from the demo's S."""

_base_ = ['./det.py', '../../../configs/_base_/sr_nets/edsr_x4.py']

model = dict(
    sr=dict(_base_.sr, num_blocks=4, mid_channels=24),
    scale=_base_.scale,
    init=dict(_delete_=True, sr='work_dirs/demo/s'),
)
