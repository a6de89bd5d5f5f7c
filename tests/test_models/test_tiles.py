# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tiles give what the whole image gives, and the net never sees more than a tile's surroundings."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.tiles import Tiles

WEIGHT = torch.rand(3, 3, 5, 5, generator=torch.Generator().manual_seed(0))


def net(lr: Tensor) -> Tensor:
    """A net that sees two pixels far."""
    return F.interpolate(F.conv2d(lr, WEIGHT, padding=2), scale_factor=2, mode='nearest')


@pytest.mark.parametrize('size', [(7, 9), (30, 5), (64, 64)])
def test_equals_the_whole_image_where_the_overlap_covers_what_the_net_sees(
    size: tuple[int, int],
) -> None:
    lr = torch.rand(2, 3, 30, 41)
    seen: list[tuple[int, int]] = []

    def watched(part: Tensor) -> Tensor:
        seen.append((part.shape[2], part.shape[3]))
        return net(part)

    torch.testing.assert_close(Tiles(size, 2).restore(watched, lr, 2), net(lr))
    assert max(height for height, _ in seen) <= min(30, size[0] + 4)
    assert max(width for _, width in seen) <= min(41, size[1] + 4)
    assert (Tiles((7, 9), 1).restore(net, lr, 2) - net(lr)).abs().max() > 1e-3


@pytest.mark.parametrize(('size', 'overlap'), [((0, 8), 2), ((8,), 2), ((8, 8), -1)])
def test_sizes_without_a_meaning_are_refused(size: tuple, overlap: int) -> None:
    with pytest.raises(ConfigError, match='a positive height and width'):
        Tiles(size, overlap)
