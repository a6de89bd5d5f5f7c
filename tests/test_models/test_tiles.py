# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tiles give what the whole image gives, and the net never sees more than a tile's surroundings."""

from collections.abc import Iterator

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


@pytest.mark.parametrize('window', [1, 4])
def test_windows_lie_as_in_the_whole_image(window: int) -> None:
    class Windowed(torch.nn.Module):
        """Each window becomes its mean, as a net that attends within windows."""

        window_size = window

        def forward(self, lr: Tensor) -> Tensor:
            extra = [-side % window for side in lr.shape[2:]]
            lr = F.pad(lr, (0, extra[1], 0, extra[0]), 'reflect')
            return F.interpolate(F.avg_pool2d(lr, window), scale_factor=window)

    lr = torch.rand(1, 3, 32, 40)
    torch.testing.assert_close(Tiles((9, 7), 0).restore(Windowed(), lr, 1), Windowed()(lr))


def test_tiles_are_watched_one_by_one() -> None:
    watched: list[int] = []

    def watch(tiles: list) -> Iterator:
        for number, tile in enumerate(tiles):
            watched.append(len(tiles) - number)
            yield tile

    Tiles((8, 8), 2, watch).restore(net, torch.rand(1, 3, 9, 17), 2)
    assert watched == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(('size', 'overlap'), [((0, 8), 2), ((8,), 2), ((8, 8), -1)])
def test_sizes_without_a_meaning_are_refused(size: tuple, overlap: int) -> None:
    with pytest.raises(ConfigError, match='^tile'):
        Tiles(size, overlap)
