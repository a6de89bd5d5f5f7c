# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The configs of the tables' rows, and their settings, as document_configs.py describes them."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mmengine.config import Config

from sr4ir_mm.errors import ConfigError

from .table import PAPER_TABLES, SMALL, Cell, Row, Table, load_table

SETTINGS = Path('configs/_base_/settings')
# By the tables' tasks: what is done, and model-index's names of task and data.
TASKS = {
    'seg': ('VOC2012 segmentation', 'Semantic Segmentation', 'PASCAL VOC 2012'),
    'det': ('VOC2012 detection', 'Object Detection', 'PASCAL VOC 2012'),
    'cls_cars': ('Stanford Cars classification', 'Image Classification', 'Stanford Cars'),
    'cls_cub': ('CUB-200-2011 classification', 'Image Classification', 'CUB-200-2011'),
    'small/cls': ('40 models of cars', 'Image Classification', 'Stanford Cars, a part'),
    'small/det': ('five classes of VOC2012', 'Object Detection', 'PASCAL VOC 2012, a part'),
    'small/seg': ('CamVid', 'Semantic Segmentation', 'CamVid'),
}
# Metrics have one name in all tables, though Tables 4 to 7 call each of these "score".
SCORES = {'mIoU': 'mIoU', 'coco/bbox_mAP': 'mAP', 'accuracy/top1': 'Top-1'}


@dataclass(frozen=True)
class Leaf:
    """A config of a row.

    Attributes:
        path (Path): Where it is, from the project's root.
        table (str): What the table is called.
        method (str): The row's name there.
        sr (str): SR net and scale; empty for the oracle.
        task (str): One of :data:`TASKS`.
        paper (Mapping[str, str]): The paper's figures, as printed, by metric; none where it has
            no such row.
        cfg (Config): The loaded config.
    """

    path: Path
    table: str
    method: str
    sr: str
    task: str
    paper: Mapping[str, str]
    cfg: Config

    @property
    def images(self) -> int:
        """How many images each GPU takes."""
        return self.cfg.train_dataloader.batch_size

    @property
    def gpus(self) -> int:
        """How many GPUs give the batch of the schedule."""
        return self.cfg.auto_scale_lr.base_batch_size // self.images

    @property
    def command(self) -> str:
        """What trains it."""
        if self.gpus == 1:
            return f'python tools/train.py {self.path}'
        return f'tools/dist_train.sh {self.path} {self.gpus}'

    @property
    def needs(self) -> list[str]:
        """Name the configs whose runs it starts from."""
        files = (self.cfg.model.init or {}).values()
        runs = [file.removeprefix('work_dirs/') for file in files if file.startswith('work_dirs/')]
        return [f'configs/{run}.py' for run in runs]


def read_leaves(root: Path) -> list[Leaf]:
    """Read all cells of the tables, each config once, and the first steps of S -> T."""
    leaves: dict[Path, Leaf] = {}
    for table in (load_table(name, root) for name in (*PAPER_TABLES, SMALL)):
        for row in table.rows:
            for cell in row.cells:
                leaf = _leaf(table, row, cell, root)
                leaves.setdefault(leaf.path, leaf)
                if Path(row.setting).name == 's2t':
                    first = _first_step(leaf, root)
                    leaves[first.path] = first
    tasks = list(TASKS)
    return sorted(leaves.values(), key=lambda leaf: tasks.index(leaf.task))


def _leaf(table: Table, row: Row, cell: Cell, root: Path) -> Leaf:
    path = Path(cell.config).resolve().relative_to(root)
    task = str(cell.block.task)
    small = table.name == SMALL
    scaled = path.stem.endswith(f'_x{cell.block.scale}')
    figures = {
        SCORES.get(column.metric(task), column.name): f'{value:.{column.decimals}f}'
        for column, value in zip(table.columns, cell.paper or (), strict=bool(cell.paper))
    }
    return Leaf(
        path=path,
        table='The small benchmark' if small else f'Table {table.name}',
        method=row.method,
        sr=f'{row.sr} x{cell.block.scale}' if scaled else '',
        task=f'{SMALL}/{task}' if small else task,
        paper=figures,
        cfg=Config.fromfile(root / path),
    )


def _first_step(leaf: Leaf, root: Path) -> Leaf:
    """Make S of S -> T, whose images the paper measures in the row S -> T."""
    path = leaf.path.parents[1] / 's' / leaf.path.name
    figures = {name: text for name, text in leaf.paper.items() if name not in SCORES.values()}
    method = 'S, the first step of S -> T'
    return replace(leaf, path=path, method=method, paper=figures, cfg=Config.fromfile(root / path))


@dataclass(frozen=True)
class Setting:
    """A setting's file: its docstring, and the source of its phases."""

    path: Path
    text: str
    phases: str

    @property
    def choice(self) -> str:
        """What the publications leave open, and what was chosen."""
        return next((part for part in self.text.split('\n\n') if part.startswith('Choice:')), '')


def read_setting(name: str, root: Path) -> Setting:
    """Read a setting; phases may be those of another that it inherits."""
    path = SETTINGS / f'{name}.py'
    source = (root / path).read_text(encoding='utf-8')
    tree = ast.parse(source)
    assigned = {
        node.targets[0].id: node
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if 'phases' in assigned:
        phases = ast.get_source_segment(source, assigned['phases']) or ''
    else:
        base = ast.literal_eval(assigned['_base_'].value)
        phases = read_setting(Path(base).stem, root).phases
    return Setting(path, ast.get_docstring(tree) or '', phases)


def setting_of(leaf: Leaf, root: Path) -> str:
    """Name the setting that a config inherits.

    Raises:
        ConfigError: It inherits none.
    """
    match = re.search(r'settings/(\w+)\.py', (root / leaf.path).read_text(encoding='utf-8'))
    if match is None:
        raise ConfigError(f'{leaf.path} inherits none of {SETTINGS}.')
    return match[1]
