# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which configs of the libraries are tried, and what has to be added to the ten lines for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One config of a library.

    Args:
        library (str): 'mmdet', 'mmseg', 'mmpretrain' or, for SR nets, 'mmagic'.
        config (str): Its path among the library's configs.
        data (str): What it learns from: 'boxes', 'masks', 'panoptic', 'maps', 'classes' or, for SR
            nets, the factor, such as 'x4'.
        added (str): Lines of Python that the config needs beside the ten, ';' between them.
    """

    library: str
    config: str
    data: str
    added: str = ''

    @property
    def name(self) -> str:
        """str: Library and config, as ``model.task`` names them."""
        return f'{self.library}::{self.config}'


def load_cases(path: Path = LISTS / 'cases.txt', only: Sequence[str] = ()) -> list[Case]:
    """Read the list of cases.

    Args:
        path (Path): A line each: library, data, config and, behind a '|', what is added.
        only (Sequence[str]): Parts of names; cases with none of them are left out. Defaults to (),
            all are kept.
    """
    cases = []
    for line in path.read_text(encoding='utf-8').splitlines():
        if line and not line.startswith('#'):
            head, _, added = line.partition('|')
            library, data, config = head.split()
            cases.append(Case(library, config, data, added.strip()))
    return [case for case in cases if not only or any(part in case.name for part in only)]
