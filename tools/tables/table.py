# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tables of results as data: which figures they show, and which run each cell comes from.

A table file is YAML; ``configs/tables/table2.yml`` is an example. A row names its config::

    columns: [{name: mIoU, key: mIoU, best: high, decimals: 1}]   # key: in the recorded metrics
    blocks: [{title: x4, task: seg, scale: 4}]                    # groups of columns
    rows:
      - {setting: h2t, scaled: false}                             # configs/h2t/seg.py
      - {setting: sr4ir, net: edsr, paper: [[60.7]]}              # configs/sr4ir/seg_edsr_x4.py

or, for configs of one's own, directly; then the blocks need a title only, or may be left out::

    rows:
      - {setting: sr4ir, config: my/configs/sr4ir/camvid.py, group: EDSR}

(a list of configs, if there are several blocks). A row may also say ``method`` and ``sr`` (what is
printed), ``group`` (rows among which the best is marked; the net if there is one), ``work_dir``
(like ``config``; where the run of an explicit config is) and ``paper`` (a list of figures for each
block). A column's ``key`` may be one for each task, ``{seg: mIoU, cls_cars: accuracy/top1}``, and
so may its ``factor``. With ``seeds: [0, 1, 2]`` beside them everything is run once with each, below
its work dir, and starts from what has the same seed.
Imports no PyTorch.
"""

import os.path as osp
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import default_work_dir, seeded
from sr4ir_mm.utils.safe_yaml import SafeLoader

PAPER_TABLES = ('1', '2', '3', '4', '5', '6', '7')
SMALL = 'small'
TABLES = (*(f'table{name}' for name in PAPER_TABLES), SMALL)
SEEDS = 2**32  # NumPy takes no larger ones
ROW_KEYS = {'setting', 'method', 'sr', 'net', 'group', 'scaled', 'config', 'work_dir', 'paper'}


@dataclass(frozen=True)
class Column:
    """A figure: its name and place among the metrics, whether much is good, how it is printed."""

    name: str
    key: str | Mapping[str, str]
    best: str
    decimals: int
    factor: float | Mapping[str, float] = 1.0

    def __post_init__(self) -> None:
        if self.best not in ('high', 'low'):
            raise ValueError(f'best is {self.best!r}, not high or low')

    def metric(self, task: str | None) -> str:
        """Give the recorded metric, which may depend on the task of a block."""
        return self.key if isinstance(self.key, str) else self.key[str(task)]

    def figure(self, value: float, task: str | None) -> float:
        """Give a metric as it is shown."""
        factor = self.factor
        return value * (factor.get(str(task), 1.0) if isinstance(factor, Mapping) else factor)


@dataclass(frozen=True)
class Block:
    """A group of columns: a scale, and a task."""

    title: str
    task: str | None = None
    scale: int | None = None


@dataclass(frozen=True)
class Cell:
    """A run in a table: its config, and its work dir below ``work_dirs``, where that is default.

    ``seed`` is None for that of the config.
    """

    block: Block
    config: str
    work_dir: str
    paper: tuple[float, ...] | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Row:
    """A line of a table, with a cell for each block."""

    setting: str
    method: str
    sr: str
    net: str | None
    group: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A whole table."""

    name: str
    title: str
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]
    seeds: tuple[int, ...] = ()

    @property
    def cells(self) -> list[Cell]:
        """All cells, row by row, each as often as it is run."""
        return [run for row in self.rows for cell in row.cells for run in self.runs(cell)]

    def runs(self, cell: Cell) -> list[Cell]:
        """Give a cell once for each seed; without seeds, itself."""
        if not self.seeds:
            return [cell]
        return [
            replace(cell, work_dir=seeded(cell.work_dir, seed), seed=seed) for seed in self.seeds
        ]


def load_table(name: str, project: Path, seeds: Sequence[int] | None = None) -> Table:
    """Read a table.

    Args:
        name (str): '1' to '7', 'small', or a file.
        project (Path): The folder that holds the project's ``configs``.
        seeds (Sequence[int], optional): In place of the table's own. Defaults to None.

    Raises:
        ConfigError: There is no such table, or the file cannot be understood.
    """
    named = f'table{name}' if name in PAPER_TABLES else name
    path = project / f'configs/tables/{named}.yml' if named in TABLES else Path(name)
    if not path.is_file():
        raise ConfigError(
            f'There is no table {name}: name {", ".join(PAPER_TABLES)}, {SMALL} or a YAML file.'
        )
    try:
        content = yaml.load(path.read_text(encoding='utf-8'), SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f'{path} is not YAML that makes a table: {error}') from error
    columns = _items(content, 'columns', path, partial(_build, Column))
    blocks: tuple[Block, ...] = (Block(''),)
    if content.get('blocks'):
        blocks = _items(content, 'blocks', path, partial(_build, Block))
    rows = _items(content, 'rows', path, partial(_row, columns, blocks, project))
    title = str(content.get('title', path.stem))
    if seeds is None:
        checked = _seeds(content.get('seeds', ()), f'{path}: seeds is')
    else:
        checked = _seeds(seeds, '--seeds')
    return Table(name, title, columns, blocks, rows, checked)


def _seeds(given: Any, where: str) -> tuple[int, ...]:
    whole = isinstance(given, (list, tuple)) and all(type(seed) is int for seed in given)
    if not whole or len(set(given)) < len(given) or not all(0 <= seed < SEEDS for seed in given):
        shown = ' '.join(map(str, given)) if whole else given
        raise ConfigError(
            f'{where} {shown}: seeds are different whole numbers, from 0 to {SEEDS - 1}.'
        )
    return tuple(given)


def _items(content: Any, key: str, path: Path, build: Callable[[Any, str], Any]) -> tuple:
    value = content.get(key) if isinstance(content, Mapping) else None
    if not isinstance(value, list) or not value:
        raise ConfigError(f'{path} has no list {key}.')
    return tuple(build(item, f'{path}, {key}.{index}') for index, item in enumerate(value))


def _build(kind: type, value: Any, where: str) -> Any:
    try:
        return kind(**value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f'{where} is {value}, which is no {kind.__name__} ({error}).') from error


def _row(columns: tuple, blocks: tuple, project: Path, row: Any, where: str) -> Row:
    if not isinstance(row, Mapping) or 'setting' not in row or row.keys() - ROW_KEYS:
        raise ConfigError(
            f'{where}: a row needs setting, and may have {", ".join(sorted(ROW_KEYS))}; this is '
            f'{row}.'
        )
    given = [_per_block(row, key, len(blocks), where) for key in ('config', 'work_dir', 'paper')]
    cells = []
    for block, config, work_dir, paper in zip(blocks, *given, strict=True):
        if config is None:
            config = osp.relpath(project / 'configs' / _config_name(row, block, where))
        work_dir = osp.normpath(work_dir or default_work_dir(config))
        cells.append(Cell(block, config, work_dir, _figures(paper, len(columns), where)))
    net = row.get('net')
    return Row(
        setting=str(row['setting']),
        method=row.get('method', row['setting']),
        sr=row.get('sr', net or ''),
        net=net,
        group=row.get('group', net),
        cells=tuple(cells),
    )


def _config_name(row: Mapping, block: Block, where: str) -> str:
    """Name a config of the project by its setting, and by task, net and scale."""
    if block.task is None:
        raise ConfigError(f'{where}: without config, block {block.title!r} needs a task.')
    net = f'_{row["net"]}' if row.get('net') else ''
    scale = f'_x{block.scale}' if row.get('scaled', True) else ''
    return f'{row["setting"]}/{block.task}{net}{scale}.py'


def _per_block(row: Mapping, key: str, blocks: int, where: str) -> list:
    value = row.get(key)
    if value is None:
        return [None] * blocks
    values = value if isinstance(value, list) else [value]
    if len(values) != blocks:
        raise ConfigError(f'{where}: {key} needs a value for each of {blocks} blocks.')
    return values


def _figures(paper: Any, columns: int, where: str) -> tuple[float, ...] | None:
    if paper is None:
        return None
    try:
        figures = tuple(float(value) for value in paper)
    except (TypeError, ValueError):
        figures = ()
    if len(figures) != columns:
        raise ConfigError(f'{where}: paper needs a list of {columns} figures for each block.')
    return figures
