# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Draw the curves of runs: python tools/analysis_tools/analyze_logs.py WORK_DIR [WORK_DIR ...]."""

import argparse
import json
import math
import os.path as osp
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from mmengine.config import Config
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.visualization.figure_file import check_figure, save_figure

SCALARS = 'vis_data/scalars.json'
RATES = 'learning rates'
STYLES = ('-', '--', ':', '-.')
FEW = 40  # points, which are marked
COUNTERS = {'epoch', 'iter', 'step'}
NOT_DRAWN = {'time', 'data_time', 'memory'}  # unless --keys names them

Curve = dict[int, float]
"""Values by iteration or, of metrics in a run by epochs, by epoch."""


class Run:
    """What a work dir logged.

    The dated folders of a run that was resumed are joined: from where a later one begins, it
    replaces what the earlier ones have.

    Args:
        work_dir (str): The folder of the run.

    Raises:
        DataError: It has no log, or one that cannot be read.
    """

    def __init__(self, work_dir: str) -> None:
        self.name = osp.normpath(work_dir)
        files = sorted(Path(work_dir).glob(f'*/{SCALARS}'))
        if not files:
            raise DataError(f'{work_dir} has no log: a run writes <date>/{SCALARS} into it.')
        records: list[dict] = []
        for file in files:
            later = _read(file)
            begin = next((record['step'] for record in later if 'iter' in record), math.inf)
            redone = (i for i, old in enumerate(records) if 'iter' in old and old['step'] >= begin)
            records = records[: next(redone, None)] + later
        trained = [record for record in records if 'iter' in record]
        validated = [record for record in records if 'iter' not in record]
        self.metrics = {key for record in validated for key in record} - NOT_DRAWN - COUNTERS
        # A run by iterations, which stays in its first epoch, validates by iterations.
        epochs = max((record['epoch'] for record in trained), default=math.inf)
        self.by_epoch = all(record['step'] <= epochs for record in validated)
        self.curves: dict[str, Curve] = {}
        for record in records:
            for key in record:
                # Validation tells how long it took, too.
                if key in self.metrics or ('iter' in record and key not in COUNTERS):
                    self.curves.setdefault(key, {})[record['step']] = record[key]
        self.phases = _phases(files[-1].with_name('config.py'))

    def unit(self, key: str) -> str:
        """Tell what the steps of a key count."""
        return 'epoch' if self.by_epoch and key in self.metrics else 'iteration'

    def panel(self, key: str) -> str:
        """Name the panel that a key is drawn in: its phase, its net's rates, or its metric."""
        if key.endswith('.lr'):
            return RATES
        if key in self.metrics:
            return key.partition('/')[0]
        if 'loss' not in key or key == 'loss':
            return key.rpartition('.')[2]
        matches = [
            (len(prefix), f'phase that updates {" and ".join(phase.update)}')
            for phase in self.phases
            for prefix in _prefixes(phase)
            if key.startswith(prefix)
        ]
        return max(matches)[1] if matches else 'losses'


def _prefixes(phase: Phase) -> Iterable[str]:
    """Give the beginnings of what a phase logs; see :meth:`PhaseBatch.terms`."""
    yield phase.total
    for name, images in phase.losses.items():
        for image in images:
            yield f'loss_{name}' if image == 'sr' else f'{image}.loss_{name}'
            yield f'{image}.' if name == 'task' else f'{image}.{name}.'


def _read(file: Path) -> list[dict]:
    lines = file.read_text(encoding='utf-8').splitlines()
    records = []
    for number, line in enumerate(lines, 1):
        try:
            records.append(json.loads(line))
        except ValueError as error:
            if number < len(lines):  # the last line of a run that was killed may be cut off
                raise DataError(f'{file}, line {number}, is no JSON: {error}') from error
    return records


def _phases(config: Path) -> list[Phase]:
    cfg = Config.fromfile(config) if config.is_file() else Config()
    phases = cfg.get('train_cfg', {}).get('phases') or cfg.get('phases') or []
    return [Phase.from_cfg(phase) for phase in phases]


def choose(runs: Sequence[Run], keys: Sequence[str] | None) -> dict[str, list[str]]:
    """Sort keys into panels.

    Args:
        runs (Sequence[Run]): The runs.
        keys (Sequence[str], optional): What to draw, such as loss_tdp or coco/bbox_mAP. None draws
            losses, rates and metrics.

    Returns:
        dict[str, list[str]]: The keys of each panel.

    Raises:
        ConfigError: No run has a key.
    """
    known = list(dict.fromkeys(key for run in runs for key in run.curves))
    for key in keys or ():
        if key not in known:
            raise ConfigError(f'No run logged {key!r}. There are: {", ".join(sorted(known))}.')
    panels: dict[str, list[str]] = {}
    for key in keys or [key for key in known if key not in NOT_DRAWN]:
        having = [run for run in runs if key in run.curves]
        # COCO's evaluation gives -1 for objects of a size that there are none of.
        if keys or any(set(run.curves[key].values()) != {-1} for run in having):
            panels.setdefault(having[0].panel(key), []).append(key)
    return panels


def draw(runs: Sequence[Run], panels: Mapping[str, Sequence[str]]) -> Figure:
    """Draw a panel for each group of keys; a colour is a run's, a style of lines a key's.

    Of a single run a colour is a key's, too; of a single key a style is a run's, too.
    """
    names = short_names([run.name for run in runs])
    columns = min(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    lines = max(sum(key in run.curves for key in keys for run in runs) for keys in panels.values())
    figure = Figure(figsize=(4.8 * columns, (3.2 + 0.15 * lines) * rows), layout='constrained')
    for place, (title, keys) in enumerate(panels.items(), 1):
        axes = figure.add_subplot(rows, columns, place)
        axes.set_title(keys[0] if len(keys) == 1 else title, fontsize=10)
        for key_number, key in enumerate(keys):
            for number, (name, run) in enumerate(zip(names, runs, strict=True)):
                if key not in run.curves:
                    continue
                curve = run.curves[key]
                colour = key_number if len(runs) == 1 else number
                style = key_number if len(keys) > 1 else number
                parts = [name] * (len(runs) > 1) + [key] * (len(keys) > 1 or len(runs) == 1)
                axes.plot(
                    list(curve),
                    list(curve.values()),
                    color=f'C{colour % 10}',
                    linestyle=STYLES[style % len(STYLES)],
                    marker='.' if len(curve) <= FEW else None,
                    label=': '.join(parts),
                )
        axes.set_xlabel(' or '.join(sorted({run.unit(key) for run in runs for key in keys})))
        axes.set_yscale('log' if title == RATES else 'linear')
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7, loc='upper center', bbox_to_anchor=(0.5, -0.17))  # covers nothing
    return figure


def short_names(paths: Sequence[str]) -> list[str]:
    """Leave out the first and the last folders that all paths share, but not all of a path."""
    parts = [path.split('/') for path in paths]
    for end in (0, -1):
        while min(map(len, parts)) > 1 and len({part[end] for part in parts}) == 1:
            for part in parts:
                del part[end]
    return ['/'.join(part) for part in parts]


def tabulate(run: Run, keys: Sequence[str]) -> Table:
    """Tell the last, the lowest and the highest value of each key, and when that was."""
    units = ' or '.join(sorted({run.unit(key) for key in keys}))
    table = Table(title=f'{run.name}, value @ {units}', box=SIMPLE_HEAD)
    table.add_column('key', no_wrap=True)
    for column in ('last', 'lowest', 'highest'):
        table.add_column(column, justify='right')
    for key in keys:
        if curve := run.curves.get(key):
            steps = (max(curve), *(best(curve, key=curve.__getitem__) for best in (min, max)))
            values = [f'{curve[step]:.4g} @ {step}' for step in steps]
            table.add_row(key, *values)
    return table


def main(argv: Sequence[str] | None = None) -> None:
    """Draw curves, and print their last and best values."""
    parser = argparse.ArgumentParser(description='Draw losses, rates and metrics of runs.')
    parser.add_argument('work_dirs', nargs='+', metavar='WORK_DIR', help='folders of runs')
    parser.add_argument(
        '--keys', nargs='+', help='such as loss_tdp coco/bbox_mAP; default: losses, rates, metrics'
    )
    parser.add_argument(
        '--out', type=output_file, default='logs.png', help='PNG, PDF, ... (logs.png)'
    )
    args = parser.parse_args(argv)
    with clear_errors():
        check_figure(args.out)
        runs = [Run(work_dir) for work_dir in args.work_dirs]
        panels = choose(runs, args.keys)
        save_figure(draw(runs, panels), args.out)
        for run in runs:
            Console().print(tabulate(run, [key for keys in panels.values() for key in keys]))
        print(f'written to {args.out}')


if __name__ == '__main__':
    main()
