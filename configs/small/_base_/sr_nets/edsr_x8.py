"""A small EDSR x8 beside a bilinear skip, in [0, 1], for want of DIV2K weights."""

_base_ = './edsr_x4.py'

scale = 8
sr = dict(net=dict(upscale_factor=scale))
