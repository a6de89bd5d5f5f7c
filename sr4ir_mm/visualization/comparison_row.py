# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a figure of settings side by side shows."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sr4ir_mm.errors import ConfigError


class Box(NamedTuple):
    """A part of a picture, in HR pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass
class Panel:
    """What a column shows of an image.

    Args:
        title (str): Of the column.
        plain (np.ndarray): ``(H, W, 3)``, RGB in 0..255, without annotations; of HR size.
        shown (list[np.ndarray]): What is drawn, one below the other, RGB in 0..255, of any size.
        caption (list[str]): Lines below. Defaults to none.
        distance (np.ndarray, optional): ``(h, w)``, a map that is drawn in colours.
    """

    title: str
    plain: np.ndarray
    shown: list[np.ndarray]
    caption: list[str] = field(default_factory=list)
    distance: np.ndarray | None = None


@dataclass
class Row:
    """The panels of one image.

    Args:
        name (str): Of the image.
        panels (list[Panel]): As many in each row.
        zoom (Box, optional): The part that is shown enlarged, too. Defaults to None.
    """

    name: str
    panels: list[Panel]
    zoom: Box | None = None


def check_zoom(zoom: Box, name: str, size: tuple[int, int]) -> None:
    """Find out whether a part of an image is within it.

    Raises:
        ConfigError: It is not.
    """
    height, width = size
    inside = 0 <= zoom.x <= width - zoom.width and 0 <= zoom.y <= height - zoom.height
    if not inside or zoom.width < 1 or zoom.height < 1:
        raise ConfigError(
            f'The part to enlarge, {zoom.width}x{zoom.height} pixels at x={zoom.x}, y={zoom.y}, is '
            f'not within the HR image {name}, which has {width}x{height} pixels.'
        )
