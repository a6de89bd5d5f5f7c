# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The faster SwinIR against mmagic's own: outputs, gradients, names, copies."""

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from sr4ir_mm.models.build_net import build_net
from tests.utils.samples import build_model

SWINIR: dict[str, Any] = dict(
    type='mmagic.SwinIRNet',
    upscale=4,
    in_chans=3,
    img_size=16,
    window_size=8,
    img_range=1.0,
    depths=[2, 2],
    embed_dim=24,
    num_heads=[2, 2],
    mlp_ratio=2,
    upsampler='pixelshuffle',
    resi_connection='1conv',
)
SIZES = [(16, 16), (8, 8), (8, 24), (16, 32), (13, 21), (30, 17)]


def build_pair(**changes: Any) -> tuple[nn.Module, nn.Module]:
    """Build mmagic's net, with position biases that count, and the faster one of its weights."""
    torch.manual_seed(0)
    plain = build_net({**SWINIR, **changes}, 'test')[0]  # mmagic's, unless asked
    for name, param in plain.named_parameters():
        if 'bias_table' in name:
            nn.init.normal_(param)
    fast = build_net({**SWINIR, **changes}, 'test', fast=True)[0]
    fast.load_state_dict(plain.state_dict(), strict=True)
    return plain, fast


def outcome(net: nn.Module, lr: Tensor) -> dict[str, Tensor]:
    """Give the output and all gradients, those of the images among them."""
    torch.manual_seed(1)
    lr = lr.clone().requires_grad_()
    net.zero_grad()
    sr = net(lr)
    (sr * torch.linspace(-1, 1, sr.numel()).view_as(sr)).sum().backward()
    grads = {
        name: param.grad.clone() for name, param in net.named_parameters() if param.requires_grad
    }
    assert lr.grad is not None
    return {'sr': sr.detach(), 'lr': lr.grad, **grads}


def assert_equal(fast: dict[str, Tensor], plain: dict[str, Tensor]) -> None:
    """Compare to 1e-5 of the largest value."""
    assert fast.keys() == plain.keys()
    for name, expected in plain.items():
        scale = float(expected.abs().max().clamp(min=1))
        torch.testing.assert_close(fast[name], expected, atol=1e-5 * scale, rtol=0, msg=name)


def blocks(net: nn.Module) -> list[Any]:
    return [module for module in net.modules() if hasattr(module, 'attn_mask')]


@pytest.mark.parametrize('size', SIZES)
@pytest.mark.parametrize('training', [True, False])
def test_same_outputs_and_gradients(size: tuple[int, int], training: bool) -> None:
    plain, fast = (net.train(training) for net in build_pair(drop_path_rate=0.3))
    assert all(type(a) is not type(b) for a, b in zip(blocks(fast), blocks(plain), strict=True))
    lr = torch.rand(3, 3, *size)
    assert_equal(outcome(fast, lr), outcome(plain, lr))


@pytest.mark.parametrize('size', SIZES)
def test_same_gradients_through_a_frozen_net(size: tuple[int, int]) -> None:
    """Where the position bias is not learnt, a fused kernel is used."""
    plain, fast = (net.eval().requires_grad_(False) for net in build_pair())
    lr = torch.rand(2, 3, *size)
    assert_equal(outcome(fast, lr), outcome(plain, lr))
    with torch.no_grad():
        torch.testing.assert_close(fast(lr), plain(lr), atol=1e-5, rtol=0)


def test_sizes_and_batches_may_change_from_call_to_call() -> None:
    plain, fast = (net.eval() for net in build_pair())
    with torch.no_grad():
        for number, size in ((2, (16, 16)), (1, (24, 8)), (3, (16, 16)), (2, (16, 16))):
            lr = torch.rand(number, 3, *size)
            torch.testing.assert_close(fast(lr), plain(lr), atol=1e-5, rtol=0)


@pytest.mark.parametrize('rates', [dict(attn_drop_rate=0.2, drop_rate=0.1), dict(drop_rate=0.1)])
def test_dropout_draws_as_mmagic_does(rates: dict[str, float]) -> None:
    plain, fast = (net.train() for net in build_pair(**rates))
    lr = torch.rand(2, 3, 16, 24)
    assert_equal(outcome(fast, lr), outcome(plain, lr))


def test_names_and_copies_stay() -> None:
    plain, fast = build_pair()
    assert list(fast.state_dict()) == list(plain.state_dict())
    lr = torch.rand(1, 3, 9, 9)
    fast.eval()
    copied = deepcopy(fast)
    with torch.no_grad():
        torch.testing.assert_close(copied(lr), fast(lr), atol=0, rtol=0)
        copied.conv_first.weight += 1  # the copy shares nothing
        assert not torch.equal(copied(lr), fast(lr))
    assert list(fast.state_dict()) == list(plain.state_dict())


def test_the_model_has_a_switch() -> None:
    kinds = {
        fast: {type(block).__name__ for block in blocks(build_model(sr=SWINIR, fast=fast).sr)}
        for fast in (True, False)
    }
    assert kinds == {True: {'FastSwinTransformerBlock'}, False: {'SwinTransformerBlock'}}
