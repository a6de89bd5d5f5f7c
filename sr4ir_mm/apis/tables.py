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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import WORK_DIRS, mirror

PAPER_TABLES = ('1', '2', '3', '4', '5', '6', '7')


@dataclass(frozen=True)
class Column:
    """A figure: its name and place among the metrics, whether much is good, how it is printed."""

    name: str
    key: str | Mapping[str, str]
    best: str
    decimals: int
    factor: float = 1.0

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


def load_table(name: str, project: Path) -> Table:
    """Read a table.

    Args:
        name (str): '1', '2', '3' or a file.
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
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f'{path} is not YAML: {error}') from error
    where = str(path)
    columns = tuple(
        _build(Column, column, f'{where}, columns.{index}')
        for index, column in enumerate(_list(content, 'columns', where))
    )
    for column in columns:
        if column.best not in ('high', 'low'):
            raise ConfigError(f'{where}, column {column.name}: best is {column.best!r}, not high '
                              'or low.')  # fmt: skip
    blocks = tuple(
        _build(Block, block, f'{where}, blocks.{index}')
        for index, block in enumerate(content.get('blocks') or [dict(title='')])
    )
    rows = tuple(
        _row(row, columns, blocks, project, f'{where}, rows.{index}')
        for index, row in enumerate(_list(content, 'rows', where))
    )
    return Table(name, str(content.get('title', path.stem)), columns, blocks, rows)


def _row(row: Any, columns: tuple, blocks: tuple, project: Path, where: str) -> Row:
    known = {'setting', 'method', 'sr', 'net', 'group', 'scaled', 'config', 'work_dir', 'paper'}
    if not isinstance(row, Mapping) or 'setting' not in row or row.keys() - known:
        raise ConfigError(f'{where}: a row needs setting, and may have {", ".join(sorted(known))}; '
                          f'this is {row}.')  # fmt: skip
    setting, net = str(row['setting']), row.get('net')
    given = {key: _per_block(row, key, blocks, where) for key in ('config', 'work_dir')}
    figures = row.get('paper')
    shape = [len(columns)] * len(blocks)
    if figures is not None and [len(block) for block in figures] != shape:
        raise ConfigError(f'{where}: paper needs {len(columns)} figures for each of {len(blocks)} '
                          'blocks.')  # fmt: skip
    cells = []
    for index, block in enumerate(blocks):
        config = given['config'] and given['config'][index]
        if not config:
            if block.task is None:
                raise ConfigError(f'{where}: without config, block {block.title!r} needs a task.')
            name = block.task + (f'_{net}' if net else '')
            if row.get('scaled', True):
                name += f'_x{block.scale}'
            config = osp.relpath(project / 'configs' / setting / f'{name}.py')
        work_dir = given['work_dir'] and given['work_dir'][index]
        work_dir = osp.normpath(work_dir or osp.join(WORK_DIRS, mirror(config)[1]))
        paper = None if figures is None else tuple(float(value) for value in figures[index])
        cells.append(Cell(block, config, work_dir, paper))
    group = row.get('group', net)
    return Row(setting, row.get('method', setting), row.get('sr', net or ''), net, group,
               tuple(cells))  # fmt: skip


def _per_block(row: Mapping, key: str, blocks: tuple, where: str) -> list[str] | None:
    value = row.get(key)
    if value is None:
        return None
    values = value if isinstance(value, list) else [value]
    if len(values) != len(blocks):
        raise ConfigError(f'{where}: {key} needs a value for each of {len(blocks)} blocks.')
    return [str(part) for part in values]


def _build(kind: type, value: Any, where: str) -> Any:
    try:
        return kind(**value)
    except TypeError as error:
        raise ConfigError(f'{where} is {value}, which is no {kind.__name__} ({error}).') from error


def _list(content: Any, key: str, where: str) -> list:
    value = content.get(key) if isinstance(content, Mapping) else None
    if not isinstance(value, list) or not value:
        raise ConfigError(f'{where} has no list {key}.')
    return value
