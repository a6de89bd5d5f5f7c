# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Boxes that cannot be meant."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .faults import Faults


class Box(NamedTuple):
    """A box as annotated.

    Args:
        name (str): Where to find it.
        xywh (Any): ``[x, y, width, height]``, in pixels.
        size (tuple[float, float]): Width and height of its image, in pixels.
    """

    name: str
    xywh: Any
    size: tuple[float, float]


def check_boxes(boxes: Sequence[Box], errors: Faults, notes: Faults) -> int:
    """Look for boxes that no detector can learn from, or that mean something else.

    Args:
        boxes (Sequence[Box]): All of a data set.
        errors (Faults): What makes training or evaluation wrong is added to it.
        notes (Faults): What libraries leave out, or may be meant, is added to it.

    Returns:
        int: How many can be learnt from: of a pixel or more, and at least partly in their image.
    """
    usable = normalised = outside = corners = 0
    for name, xywh, (width, height) in boxes:
        if not are_numbers(xywh, 4):
            errors.add('boxes that are not four finite numbers', f'{name}: {xywh}')
            continue
        x, y, w, h = xywh
        normalised += min(xywh) >= 0 and max(xywh) <= 1
        corners += 0 <= x < w <= width + 1 and 0 <= y < h <= height + 1
        if w <= 0 or h <= 0:
            notes.add('boxes without width or height', f'{name}: {xywh}')
        elif w < 1 or h < 1:
            notes.add('boxes narrower than a pixel', f'{name}: {xywh}')
        elif x >= width or y >= height or x + w <= 0 or y + h <= 0:
            outside += 1
            notes.add('boxes wholly outside their image', f'{name}: {xywh}')
        else:
            usable += 1
            # Annotators round.
            if x < -1 or y < -1 or x + w > width + 1 or y + h > height + 1:
                outside += 1
                notes.add(
                    'boxes that reach out of their image', f'{name}: {xywh} of {width}x{height}'
                )
    number = len(boxes)
    if number and normalised == number:
        errors.say(
            f'all {number} boxes are numbers from 0 to 1, where pixels are needed: multiply them '
            'by the width and height of their image'
        )
    elif outside > 0.4 * number and corners > 0.99 * number:
        errors.say(
            f'{outside} of {number} boxes x, y, width, height are outside their image, and all '
            'would be inside as x1, y1, x2, y2: subtract the first two numbers from the others'
        )
    elif outside > 0.5 * number:
        errors.say(
            f'{outside} of {number} boxes are outside their image: are they x, y, width, height in '
            'pixels of an image of this size?'
        )
    return usable


def are_numbers(value: Any, length: int) -> bool:
    """Tell whether it is a sequence of so many finite numbers."""
    return (
        isinstance(value, (list, tuple))
        and len(value) == length
        and all(isinstance(part, (int, float)) and math.isfinite(part) for part in value)
    )
