# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An SR net on large images: piece by piece, in bounded memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from torch import Tensor

from sr4ir_mm.errors import ConfigError


@dataclass(frozen=True)
class Tiles:
    """How an LR image is cut.

    Each tile is restored with its surroundings, of which nothing is kept, so that the result equals
    that of the whole image where the overlap covers the net's receptive field.

    Args:
        size (tuple[int, int]): Height and width of a tile, in LR pixels.
        overlap (int): Width of the surroundings, in LR pixels. Defaults to 32.

    Raises:
        ConfigError: A side is not positive, or the overlap is negative.
    """

    size: tuple[int, int]
    overlap: int = 32

    def __post_init__(self) -> None:
        if len(self.size) != 2 or min(self.size) < 1 or self.overlap < 0:
            raise ConfigError(
                f'tile={self.size}, tile_overlap={self.overlap}: a tile has a positive height and '
                'width, and an overlap of 0 or more, in LR pixels.'
            )

    def restore(self, sr_net: Callable[[Tensor], Tensor], lr: Tensor, scale: int) -> Tensor:
        """Restore an image tile by tile.

        Args:
            sr_net (Callable): ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``.
            lr (Tensor): LR images ``(N, 3, h, w)``, RGB in [0, 1].
            scale (int): The SR factor.

        Returns:
            Tensor: SR images ``(N, 3, scale * h, scale * w)``, float.
        """
        height, width = lr.shape[-2:]
        if height <= self.size[0] and width <= self.size[1]:
            return sr_net(lr).float()
        sr = lr.new_empty((*lr.shape[:2], scale * height, scale * width))
        for top, bottom, outer_top, outer_bottom in self._spans(height, self.size[0]):
            for left, right, outer_left, outer_right in self._spans(width, self.size[1]):
                piece = sr_net(lr[..., outer_top:outer_bottom, outer_left:outer_right])
                sr[..., scale * top : scale * bottom, scale * left : scale * right] = piece[
                    ...,
                    scale * (top - outer_top) : scale * (bottom - outer_top),
                    scale * (left - outer_left) : scale * (right - outer_left),
                ]
        return sr

    def _spans(self, length: int, tile: int) -> Iterator[tuple[int, int, int, int]]:
        """Give begin and end of each tile, without and with its surroundings."""
        for begin in range(0, length, tile):
            end = min(begin + tile, length)
            yield begin, end, max(0, begin - self.overlap), min(length, end + self.overlap)
