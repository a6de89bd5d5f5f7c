# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR nets of mmagic, each from the library's own config, in SR4IR."""

import pytest
import torch

from tests.utils.any_model import cases
from tests.utils.samples import build_model, det_batch, parameters, reached, run_phase, setting

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


@pytest.mark.parametrize('name', cases(NETS))
def test_net_of_mmagic(name: str) -> None:
    path, changes = NETS[name]
    model = build_model(sr=dict(cfg_path=f'mmagic::{path}.py', **changes))
    assert type(model.sr).__name__ == name

    lr = torch.rand(2, 3, 12, 17)
    with torch.no_grad():
        assert model.sr(lr).shape == (2, 3, 48, 68)

    data = model.data_preprocessor(det_batch(), True)
    first, second = setting('sr4ir')
    # Through the task net alone.
    run_phase(model, data, dict(first, losses=dict(tdp=dict(sr=1.0))))
    assert reached(model.sr) == parameters(model.sr)
    run_phase(model, data, second)
    assert all(param.grad is None for param in model.sr.parameters())
    assert model.eval()(**data).shape == data['inputs']['hr'].shape
