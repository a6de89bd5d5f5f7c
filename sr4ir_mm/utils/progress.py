# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A bar with the time that is left, where somebody looks."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar('T')


def shown(items: Iterable[T], what: str) -> Iterator[T]:
    """Go through items and show how far that is, on stderr, if it is a terminal.

    Args:
        items (Iterable[T]): The items.
        what (str): What is done.
    """
    console = Console(stderr=True)
    yield from track(items, what, console=console, transient=True, disable=not console.is_terminal)
