"""SwinIR-M x4 (classical SR), drop path 0.1 as in the authors' code."""

scale = 4
sr = dict(
    type='mmagic.SwinIRNet',
    upscale=scale,
    in_chans=3,
    img_size=48,
    window_size=8,
    img_range=1.0,
    depths=[6] * 6,
    embed_dim=180,
    num_heads=[6] * 6,
    mlp_ratio=2,
    upsampler='pixelshuffle',
    resi_connection='1conv',
)
sr_weights = 'weights/001_classicalSR_DIV2K_s48w8_SwinIR-M_x4.pth'
