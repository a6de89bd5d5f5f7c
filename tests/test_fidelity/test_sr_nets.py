# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""EDSR and SwinIR of the configs against their publications, written out as functions."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sr4ir_mm.checkpoints.converters.edsr import edsr, mean_shifts
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.utils.library_configs import load_library_config

MEAN = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)
WINDOW, HEADS = 8, 6


def build(name: str) -> torch.nn.Module:
    """Build the SR net of a config, with weights that make every part count."""
    cfg = load_library_config(f'sr4ir_mm::_base_/sr_nets/{name}.py', 'test')[0].sr
    net = build_net(cfg, 'test')[0].eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for param in net.parameters():
            if param.dim() < 2:
                param += torch.randn(param.shape, generator=generator) * 0.1
            else:
                fan_in = param[0].numel()
                param.copy_(torch.randn(param.shape, generator=generator) * 0.7 / fan_in**0.5)
    return net


def conv(x: Tensor, weights: dict, name: str, padding: int = 1) -> Tensor:
    return F.conv2d(x, weights[f'{name}.weight'], weights[f'{name}.bias'], padding=padding)


def edsr_forward(weights: dict, lr: Tensor) -> Tensor:
    """EDSR-baseline under EDSR-PyTorch's names: the range is 0..255 inside."""
    first = x = conv(conv(lr * 255, weights, 'sub_mean', 0), weights, 'head.0')
    for i in range(16):
        x = x + conv(F.relu(conv(x, weights, f'body.{i}.body.0')), weights, f'body.{i}.body.2')
    x = conv(x, weights, 'body.16') + first
    step = 0
    while f'tail.0.{step}.weight' in weights:
        x = F.pixel_shuffle(conv(x, weights, f'tail.0.{step}'), 2)
        step += 2
    return conv(conv(x, weights, 'tail.1'), weights, 'add_mean', 0) / 255


def windows(x: Tensor) -> Tensor:
    """Cut ``(N, H, W, C)`` into ``(N * windows, 64, C)``."""
    n, height, width, c = x.shape
    x = x.view(n, height // WINDOW, WINDOW, width // WINDOW, WINDOW, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, WINDOW**2, c)


def attention(x: Tensor, weights: dict, name: str, shift: int) -> Tensor:
    """Self-attention in (shifted) windows, with relative positions."""
    n, height, width, c = x.shape
    mask = torch.zeros(1, 1, 1, 1)
    if shift:
        x = x.roll((-shift, -shift), (1, 2))
        # Regions that were not neighbours before the roll do not see each other.
        cuts = [torch.zeros(side, dtype=torch.long) for side in (height, width)]
        for cut in cuts:
            cut[-WINDOW:-shift], cut[-shift:] = 1, 2
        regions = windows((cuts[0][:, None] * 3 + cuts[1])[None, ..., None].float())[..., 0]
        apart = regions[:, None] != regions[:, :, None]
        mask = torch.where(apart, -100.0, 0.0)[:, None].repeat(n, 1, 1, 1)
    flat = windows(x)
    qkv = F.linear(flat, weights[f'{name}.qkv.weight'], weights[f'{name}.qkv.bias'])
    q, k, v = qkv.view(len(flat), WINDOW**2, 3, HEADS, c // HEADS).permute(2, 0, 3, 1, 4)
    place = torch.stack(torch.meshgrid(*[torch.arange(WINDOW)] * 2, indexing='ij')).flatten(1)
    offset = place[:, :, None] - place[:, None] + WINDOW - 1
    table = weights[f'{name}.relative_position_bias_table']
    bias = table[offset[0] * (2 * WINDOW - 1) + offset[1]].permute(2, 0, 1)
    scores = q @ k.transpose(-2, -1) * (c // HEADS) ** -0.5 + bias + mask
    flat = (scores.softmax(-1) @ v).transpose(1, 2).reshape(len(flat), WINDOW**2, c)
    flat = F.linear(flat, weights[f'{name}.proj.weight'], weights[f'{name}.proj.bias'])
    x = flat.view(n, height // WINDOW, width // WINDOW, WINDOW, WINDOW, c)
    x = x.permute(0, 1, 3, 2, 4, 5).reshape(n, height, width, c)
    return x.roll((shift, shift), (1, 2))


def norm(x: Tensor, weights: dict, name: str) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], weights[f'{name}.weight'], weights[f'{name}.bias'])


def swinir_forward(weights: dict, lr: Tensor, scale: int) -> Tensor:
    """SwinIR-M for classical SR: 36 blocks in six groups."""
    height, width = lr.shape[-2:]
    x = F.pad(lr, (0, -width % WINDOW, 0, -height % WINDOW), 'reflect') - MEAN
    first = conv(x, weights, 'conv_first')
    x = norm(first.permute(0, 2, 3, 1), weights, 'patch_embed.norm')
    for layer in range(6):
        group = x
        for block in range(6):
            name = f'layers.{layer}.residual_group.blocks.{block}'
            x = x + attention(
                norm(x, weights, f'{name}.norm1'), weights, f'{name}.attn', block % 2 * WINDOW // 2
            )
            inner = norm(x, weights, f'{name}.norm2')
            for part, activate in (('fc1', True), ('fc2', False)):
                part = f'{name}.mlp.{part}'
                inner = F.linear(inner, weights[f'{part}.weight'], weights[f'{part}.bias'])
                inner = F.gelu(inner) if activate else inner
            x = x + inner
        x = conv(x.permute(0, 3, 1, 2), weights, f'layers.{layer}.conv').permute(0, 2, 3, 1) + group
    x = norm(x, weights, 'norm').permute(0, 3, 1, 2)
    x = conv(x, weights, 'conv_after_body') + first
    x = F.leaky_relu(conv(x, weights, 'conv_before_upsample.0'))
    for step in range(scale.bit_length() - 1):
        x = F.pixel_shuffle(conv(x, weights, f'upsample.{2 * step}'), 2)
    x = conv(x, weights, 'conv_last') + MEAN
    return x[..., : height * scale, : width * scale]


@pytest.mark.parametrize('scale', [4, 8])
@pytest.mark.parametrize('size', [(16, 24), (13, 21)])
def test_edsr(scale: int, size: tuple[int, int]) -> None:
    net = build(f'edsr_x{scale}')
    weights = edsr(16).from_mm(net.state_dict()) | mean_shifts()
    lr = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        sr, expected = net(lr), edsr_forward(weights, lr)
    assert sr.shape[-2:] == (size[0] * scale, size[1] * scale)
    torch.testing.assert_close(sr, expected, atol=1e-5, rtol=0)
    assert (sr - F.interpolate(lr, scale_factor=scale)).abs().mean() > 1e-3  # the net does act


@pytest.mark.parametrize('scale', [4, 8])
@pytest.mark.parametrize('size', [(16, 24), (13, 21)])  # the latter needs padding to windows
def test_swinir(scale: int, size: tuple[int, int]) -> None:
    net = build(f'swinir_x{scale}')
    lr = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        sr, expected = net(lr), swinir_forward(net.state_dict(), lr, scale)
    assert sr.shape[-2:] == (size[0] * scale, size[1] * scale)
    torch.testing.assert_close(sr, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ('name', 'number'),
    [
        # The authors' code also counts 24 fixed values of its mean shifts.
        ('edsr_x4', 1_517_595 - 24),
        ('edsr_x8', 1_665_307 - 24),
        ('swinir_x4', 11_900_199),
        ('swinir_x8', 12_047_911),
    ],
)
def test_number_of_parameters(name: str, number: int) -> None:
    assert sum(param.numel() for param in build(name).parameters()) == number


def test_swinir_drops_paths_as_the_reference() -> None:
    net = build('swinir_x4')
    rates = [
        block.drop_path.drop_prob
        for layer in net.layers
        for block in layer.residual_group.blocks
        if hasattr(block.drop_path, 'drop_prob')
    ]
    assert rates == pytest.approx([0.1 * index / 35 for index in range(1, 36)])
