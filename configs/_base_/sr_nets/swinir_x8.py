"""SwinIR-M x8 (classical SR), drop path 0.1 as in the authors' code."""

_base_ = './swinir_x4.py'

scale = 8
sr = dict(upscale=scale)
sr_weights = 'weights/001_classicalSR_DIV2K_s48w8_SwinIR-M_x8.pth'
