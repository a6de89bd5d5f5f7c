"""A small EDSR x4 beside a bilinear skip, in [0, 1], for want of DIV2K weights."""

scale = 4
sr = dict(
    type='BilinearSkip',
    net=dict(
        type='mmagic.EDSRNet',
        in_channels=3,
        out_channels=3,
        mid_channels=32,
        num_blocks=8,
        upscale_factor=scale,
        rgb_mean=[0.0] * 3,
        rgb_std=[1.0] * 3,
    ),
)
