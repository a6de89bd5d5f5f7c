# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A figure of settings side by side, as the paper's Figures 1, 4, 5 and 6."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .comparison_row import Box, Panel, Row
from .figure_file import save_figure

WIDTH, GAP = 2.2, 0.06  # of a panel and around it, in inches
LINE, FONT = 0.15, 7.5  # height of a line of text, in inches, and its size, in points
CHARACTERS = 38  # that fit below a panel
FRAME: dict[str, Any] = dict(fill=False, edgecolor='#ff2d55', linewidth=2, clip_on=False)


def save_comparison(rows: Sequence[Row], path: str | Path) -> None:
    """Write a figure with a row for each image and a column for each view of it.

    Below each panel are the enlarged part, the map of distances (one scale for all of them) and
    the caption, as far as there are any.

    Args:
        rows (Sequence[Row]): The images.
        path (str | Path): PNG, PDF, SVG and what else matplotlib writes.

    Raises:
        ConfigError: The figure cannot be written so.
    """
    save_figure(_Page(rows).figure, path)


class _Page:
    """Places panels from the top downwards; all lengths are inches."""

    def __init__(self, rows: Sequence[Row]) -> None:
        maps = [panel.distance for row in rows for panel in row.panels]
        # The upper end of the scale that all maps share.
        self.most = max((float(values.max()) for values in maps if values is not None), default=1)
        self.width = len(rows[0].panels) * (WIDTH + GAP) + GAP
        self.height = 2 * LINE + sum(sum(_heights(row)) for row in rows)
        self.figure = Figure(figsize=(self.width, self.height), facecolor='white')
        for column, panel in enumerate(rows[0].panels):
            self._text(column, 1.3 * LINE, panel.title, size=9.5, weight='bold')
        top = 2 * LINE
        for row in rows:
            self._add(row, top)
            top += sum(_heights(row))

    def _add(self, row: Row, top: float) -> None:
        pictures, enlarged, distances, _ = _heights(row)
        for column, panel in enumerate(row.panels):
            below = top
            for picture in panel.shown:
                axes = self._image(column, below, _slot(panel), picture, extent=_extent(panel))
                below += _slot(panel)
                if row.zoom:
                    axes.add_patch(Rectangle(row.zoom[:2], *row.zoom[2:], **FRAME))
            below = top + pictures
            if row.zoom:
                axes = self._image(column, below, enlarged, _cut(panel.plain, row.zoom))
                axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, **FRAME))
            if panel.distance is not None:
                self._map(column, below + enlarged, distances, panel.distance, row)
            for index, line in enumerate(_lines(panel)):
                base = below + enlarged + distances + (index + 0.75) * LINE
                self._text(column, base, line, size=FONT)

    def _map(self, column: int, top: float, height: float, values: np.ndarray, row: Row) -> None:
        axes = self._image(column, top, height, values, cmap='magma', vmin=0, vmax=self.most or 1)
        following = row.panels[column + 1 :]
        if following and following[0].distance is None:  # room for the scale
            bar = self._axes(column + 1, top, height, 0.1)
            self.figure.colorbar(axes.images[0], cax=bar)
            bar.tick_params(labelsize=FONT - 1, length=2)

    def _image(
        self, column: int, top: float, height: float, image: np.ndarray, **options: Any
    ) -> Axes:
        axes = self._axes(column, top, height)
        axes.imshow(image, aspect='auto', interpolation='antialiased', **options)
        axes.set_axis_off()
        return axes

    def _axes(self, column: int, top: float, height: float, width: float = WIDTH) -> Axes:
        """Make axes in a slot of some height, which holds a gap, too."""
        left, bottom = GAP + column * (WIDTH + GAP), self.height - top - height + GAP
        sides = left / self.width, bottom / self.height
        return self.figure.add_axes((*sides, width / self.width, (height - GAP) / self.height))

    def _text(self, column: int, base: float, text: str, **style: Any) -> None:
        middle = GAP + column * (WIDTH + GAP) + WIDTH / 2
        place = middle / self.width, 1 - base / self.height
        self.figure.text(*place, text, ha='center', va='baseline', **style)


def _cut(image: np.ndarray, box: Box) -> np.ndarray:
    return image[box.y : box.y + box.height, box.x : box.x + box.width]


def _extent(panel: Panel) -> tuple[float, float, float, float]:
    """Let axes count HR pixels, whatever the size of what is drawn."""
    height, width = panel.plain.shape[:2]
    return (0, width, height, 0)


def _slot(panel: Panel) -> float:
    height, width = panel.plain.shape[:2]
    return WIDTH * height / width + GAP


def _lines(panel: Panel) -> list[str]:
    return [part for line in panel.caption for part in wrap(line, CHARACTERS)]


def _heights(row: Row) -> tuple[float, float, float, float]:
    """Give what pictures, enlarged parts, maps and captions of a row take, with gaps."""
    slot = _slot(row.panels[0])
    pictures = max(len(panel.shown) for panel in row.panels) * slot
    enlarged = WIDTH * row.zoom.height / row.zoom.width + GAP if row.zoom else 0.0
    distances = slot if any(panel.distance is not None for panel in row.panels) else 0.0
    lines = max(len(_lines(panel)) for panel in row.panels)
    return pictures, enlarged, distances, lines * LINE + 2 * GAP
