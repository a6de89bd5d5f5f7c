"""EDSR-baseline x4, in the 0-255 range inside (rgb_std), as the original."""

scale = 4
sr = dict(
    type='mmagic.EDSRNet',
    in_channels=3,
    out_channels=3,
    mid_channels=64,
    num_blocks=16,
    upscale_factor=scale,
    rgb_mean=[0.4488, 0.4371, 0.4040],
    rgb_std=[1 / 255] * 3,
)
sr_weights = 'weights/edsr_baseline_x4-6b446fab.pt'
