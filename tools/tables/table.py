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
block). A column's ``key`` may be one for each task: ``{seg: mIoU, cls_cars: accuracy/top1}``.
Imports no PyTorch.
"""

import os.path as osp
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import default_work_dir
from sr4ir_mm.utils.safe_yaml import SafeLoader

PAPER_TABLES = ('1', '2', '3', '4', '5', '6', '7')
ROW_KEYS = {'setting', 'method', 'sr', 'net', 'group', 'scaled', 'config', 'work_dir', 'paper'}


@dataclass(frozen=True)
class Column:
    """A figure: its name and place among the metrics, whether much is good, how it is printed."""

    name: str
    key: str | Mapping[str, str]
    best: str
    decimals: int
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.best not in ('high', 'low'):
            raise ValueError(f'best is {self.best!r}, not high or low')

    def metric(self, task: str | None) -> str:
        """Give the recorded metric, which may depend on the task of a block."""
        return self.key if isinstance(self.key, str) else self.key[str(task)]


@dataclass(frozen=True)
class Block:
    """A group of columns: a scale, and a task."""

    title: str
    task: str | None = None
    scale: int | None = None


@dataclass(frozen=True)
class Cell:
    """A run in a table: its config, and its work dir below ``work_dirs``, where that is default."""

    block: Block
    config: str
    work_dir: str
    paper: tuple[float, ...] | None = None


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

    @property
    def cells(self) -> list[Cell]:
        """All cells, row by row."""
        return [cell for row in self.rows for cell in row.cells]


def load_table(name: str, project: Path) -> Table:
    """Read a table.

    Args:
        name (str): '1' to '7', or a file.
        project (Path): The folder that holds the project's ``configs``.

    Raises:
        ConfigError: There is no such table, or the file cannot be understood.
    """
    path = project / f'configs/tables/table{name}.yml' if name in PAPER_TABLES else Path(name)
    if not path.is_file():
        raise ConfigError(
            f'There is no table {name}: name {", ".join(PAPER_TABLES)} or a YAML file.'
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
    return Table(name, str(content.get('title', path.stem)), columns, blocks, rows)


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
