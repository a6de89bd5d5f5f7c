"""EDSR-baseline x8, in the 0-255 range inside (rgb_std), as the original."""

_base_ = './edsr_x4.py'

scale = 8
sr = dict(upscale_factor=scale)
sr_weights = 'weights/edsr_baseline_x8.pt'
