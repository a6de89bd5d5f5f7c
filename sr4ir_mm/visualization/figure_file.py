# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Matplotlib's figures as files."""

from pathlib import Path

from matplotlib.figure import Figure

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.files import whole_file


def check_figure(path: str | Path) -> None:
    """Find out whether a figure can be written to a path.

    Raises:
        ConfigError: Its suffix is of no known kind.
    """
    known = Figure().canvas.get_supported_filetypes()
    if Path(path).suffix[1:].lower() not in known:
        raise ConfigError(f'{path} is no figure: its suffix must be one of {", ".join(known)}.')


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure, whole or not at all.

    Args:
        figure (Figure): The figure.
        path (str | Path): PNG, PDF, SVG and what else matplotlib writes.

    Raises:
        ConfigError: The figure cannot be written so.
    """
    check_figure(path)
    with whole_file(path) as file:
        figure.savefig(file, format=Path(path).suffix[1:].lower(), dpi=200)
