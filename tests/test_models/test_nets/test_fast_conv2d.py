# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Grouped convolutions compute in fp32 under autocast, and as ever without it."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from sr4ir_mm.models.nets.fast import accelerate


def build_pair(groups: int) -> tuple[nn.Conv2d, nn.Conv2d]:
    torch.manual_seed(0)
    plain = nn.Conv2d(8, 8, 3, padding=1, groups=groups)
    return plain, accelerate(deepcopy(plain))


def outcome(conv: nn.Conv2d, images: Tensor) -> tuple[Tensor, Tensor]:
    output = conv(images)
    conv.zero_grad()
    output.float().square().sum().backward()
    return output.detach(), conv.weight.grad


@pytest.mark.parametrize('groups', [1, 8])
def test_the_same_without_autocast(groups: int) -> None:
    plain, fast = build_pair(groups)
    images = torch.rand(2, 8, 12, 10)
    assert type(fast) is not type(plain)
    for ours, expected in zip(outcome(fast, images), outcome(plain, images), strict=True):
        assert torch.equal(ours, expected)
    assert fast.state_dict().keys() == plain.state_dict().keys()


def test_groups_are_rounded_once_under_autocast() -> None:
    plain, fast = build_pair(groups=8)
    images = torch.rand(2, 8, 12, 10)
    exact, grad = outcome(plain, images)
    with torch.autocast('cpu', torch.bfloat16):
        output, ours = outcome(fast, images)
        rounded = plain(images)
    assert output.dtype == rounded.dtype == torch.bfloat16
    assert torch.equal(output, exact.bfloat16())  # neither images nor weights were rounded before
    assert not torch.equal(rounded, output)
    torch.testing.assert_close(ours, grad, rtol=0.02, atol=0.02)


def test_dense_ones_compute_in_16_bits_as_autocast_says() -> None:
    plain, fast = build_pair(groups=1)
    images = torch.rand(2, 8, 12, 10)
    with torch.autocast('cpu', torch.bfloat16):
        assert torch.equal(fast(images), plain(images))
