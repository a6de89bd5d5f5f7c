# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The up-sampler of the setting I_LR -> T."""

import pytest
import torch
from torch import nn

from sr4ir_mm.registry import MODELS


@pytest.mark.parametrize('scale', [4, 8])
def test_default_is_the_reference_up_sampler(scale: int) -> None:
    lr = torch.rand(2, 3, 5, 7)
    net = MODELS.build(dict(type='BilinearUpsampler', scale=scale))
    torch.testing.assert_close(net(lr), nn.UpsamplingBilinear2d(scale_factor=scale)(lr))
    assert not list(net.parameters())


def test_corners_need_not_be_aligned() -> None:
    lr = torch.arange(4.0).view(1, 1, 1, 4).expand(1, 3, 4, 4)
    net = MODELS.build(dict(type='BilinearUpsampler', scale=2, align_corners=False))
    # Pixel centres at quarters, held at the borders.
    expected = torch.tensor([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    torch.testing.assert_close(net(lr)[0, 0, 3], expected)
