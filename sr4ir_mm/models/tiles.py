# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An SR net on large images: piece by piece, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.check_number import check_number

from .windows import restore_any_size, window_of


@dataclass(frozen=True)
class Tiles:
    """How an LR image is cut.

    Each tile is restored with its surroundings, of which nothing is kept, so that the result equals
    that of the whole image where the overlap covers the net's receptive field. Of a net that
    attends within windows the surroundings end where a window of the whole image does.

    Args:
        size (tuple[int, int]): Height and width of a tile, in LR pixels.
        overlap (int): Least width of the surroundings, in LR pixels. Defaults to 32.
        watch (Callable): Is handed the list of tiles and gives them one by one, such as a progress
            bar. Defaults to :func:`iter`.

    Raises:
        ConfigError: A side is not a whole number above 0, or the overlap one of at least 0.
    """

    size: tuple[int, int]
    overlap: int = 32
    watch: Callable[[list], Iterable[Any]] = iter

    def __post_init__(self) -> None:
        if not isinstance(self.size, (tuple, list)) or len(self.size) != 2:
            raise ConfigError(f'tile = {self.size!r}: it must be (height, width), in LR pixels.')
        for side in self.size:
            check_number(side, 'tile, a side in LR pixels,', least=1, whole=True)
        check_number(self.overlap, 'tile_overlap, in LR pixels,', least=0, whole=True)

    def restore(self, sr_net: nn.Module, lr: Tensor, scale: int) -> Tensor:
        """Restore an image tile by tile.

        Args:
            sr_net (Module): ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``.
            lr (Tensor): LR images ``(N, 3, h, w)``, RGB in [0, 1].
            scale (int): The SR factor.

        Returns:
            Tensor: SR images ``(N, 3, scale * h, scale * w)``, float.
        """
        height, width = lr.shape[-2:]
        window = window_of(sr_net)
        sr = lr.new_empty((*lr.shape[:2], scale * height, scale * width))
        rows = self._spans(height, self.size[0], window)
        columns = self._spans(width, self.size[1], window)
        for row, column in self.watch(list(product(rows, columns))):
            piece = restore_any_size(sr_net, lr[..., row.around, column.around], scale)
            sr[..., row.placed(scale), column.placed(scale)] = piece[
                ..., row.kept(scale), column.kept(scale)
            ]
        return sr

    def _spans(self, length: int, tile: int, window: int) -> Iterator['Span']:
        for begin in range(0, length, tile):
            end = min(begin + tile, length)
            first = max(0, begin - self.overlap) // window * window
            last = min(length, -(-(end + self.overlap) // window) * window)
            yield Span(begin, end, first, last)


class Span(NamedTuple):
    """A tile along one side of the image, and its surroundings, in LR pixels.

    Attributes:
        begin (int): Of the tile.
        end (int): Of the tile, exclusive.
        first (int): Where the surroundings begin.
        last (int): Where the surroundings end, exclusive.
    """

    begin: int
    end: int
    first: int
    last: int

    @property
    def around(self) -> slice:
        """slice: The tile with its surroundings, of the LR image."""
        return slice(self.first, self.last)

    def placed(self, scale: int) -> slice:
        """Give the tile's place in the SR image."""
        return slice(scale * self.begin, scale * self.end)

    def kept(self, scale: int) -> slice:
        """Give the tile's place in its restored surroundings."""
        return slice(scale * (self.begin - self.first), scale * (self.end - self.first))
