# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Configs of mmagic's SR nets, and what makes them narrow."""

NARROW = dict(mid_channels=8, num_blocks=1)
# The configs and what they are narrowed by.
NETS = {
    'EDSRNet': ('edsr/edsr_x4c64b16_1xb16-300k_div2k', NARROW),
    'MSRResNet': ('srgan_resnet/msrresnet_x4c64b16_1xb16-1000k_div2k', NARROW),
    'RRDBNet': (
        'esrgan/esrgan_psnr-x4c64b23g32_1xb16-1000k_div2k',
        dict(NARROW, growth_channels=4),
    ),
    'RDNNet': (
        'rdn/rdn_x4c64b16_1xb16-1000k_div2k',
        dict(NARROW, num_layers=2, channel_growth=8),
    ),
    'SwinIRNet': (
        'swinir/swinir_x4s48w8d6e180_8xb4-lr2e-4-500k_div2k',
        dict(depths=[2], num_heads=[2], embed_dim=12),
    ),
}
