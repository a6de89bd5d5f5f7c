# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Show what runs recorded as tables: python tools/results_table.py WORK_DIRS.

Prints our figures beside the paper's (in brackets), with the best and the second best of ours
marked, and writes results.md, results.csv and results.json. Rows are marked within a group, as in
the paper: those of one SR net, the oracle and the bilinear row left out. Of several seeds the mean
and its standard error are shown, and each seed's own figures are in results.csv and results.json.
"""

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from mmengine.config import Config
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from tables.result import RESULT, plan_of, read_result, show_path
from tables.table import PAPER_TABLES, Cell, Column, Table, load_table

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import last_checkpoint, steps_of
from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.utils.files import write_json, write_text
from sr4ir_mm.utils.layout import SEED, relocate

ROOT = Path(__file__).resolve().parents[1]
# How the best and the second best look; '{}' is any other figure.
RICH = ('{}', '[bold]{}[/]', '[underline]{}[/]')
MARKDOWN = ('{}', '**{}**', '<u>{}</u>')
RECORDED = (
    'config', 'seed', 'commit', 'dirty', 'unit', 'done', 'planned', 'seconds', 'device',
    'checkpoint', 'date', 'changed',
)  # fmt: skip
IN_CSV = ('status', 'config', 'seed', 'commit', 'dirty', 'unit', 'done', 'planned')


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Show tables of what runs recorded.')
    parser.add_argument('work_dirs', help='the root of the work dirs, such as work_dirs')
    parser.add_argument(
        '--table',
        nargs='+',
        default=PAPER_TABLES,
        help='1 to 7, small or YAML files; default 1 to 7',
    )
    parser.add_argument(
        '--seeds', nargs='+', type=int, metavar='SEED', help="in place of the tables' own"
    )
    parser.add_argument(
        '--keep',
        type=output_folder,
        metavar='FOLDER',
        help='also put there what finished runs recorded; it can be given as WORK_DIRS later',
    )
    parser.add_argument(
        '--out', type=output_folder, help='folder of results.{md,csv,json}; default WORK_DIRS'
    )
    return parser.parse_args(argv)


def collect(table: Table, root: str) -> dict[str, Any]:
    """Collect a table and mark the best (1) and the second best (2) of each column and group."""
    rows: list[dict[str, Any]] = [
        dict(
            setting=row.setting,
            method=row.method,
            sr=row.sr,
            group=row.group,
            cells=[read_runs(table, cell, root) for cell in row.cells],
        )
        for row in table.rows
    ]
    for group in {row['group'] for row in rows} - {None}:
        for block in range(len(table.blocks)):
            cells = [row['cells'][block] for row in rows if row['group'] == group]
            for column in table.columns:
                values = {cell['ours'][column.name] for cell in cells} - {None}
                best = sorted(values, reverse=column.best == 'high')[:2]
                for cell in cells:
                    value = cell['ours'][column.name]
                    cell['marks'][column.name] = best.index(value) + 1 if value in best else None
    return dict(table=table.name, title=table.title, rows=rows)


def read_runs(table: Table, cell: Cell, root: str) -> dict[str, Any]:
    """Collect what the runs of a cell recorded.

    Returns:
        dict[str, Any]: Of a single run as :func:`read_cell` says. Of several seeds, ``runs`` has
            these; ``ours`` are means over the finished ones, ``errors`` their standard errors, None
            of fewer than two, and ``counts`` over how many each is.
    """
    runs = [read_cell(run, table.columns, root) for run in table.runs(cell)]
    if not table.seeds:
        return runs[0]
    finished = [run for run in runs if run['status'] == 'finished']
    left = next((run['status'] for run in runs if run['status'] != 'finished'), '')
    means: dict[str, float | None] = {}
    errors: dict[str, float | None] = {}
    counts: dict[str, int] = {}
    for name in runs[0]['ours']:
        values = [run['ours'][name] for run in finished if run['ours'][name] is not None]
        counts[name] = len(values)
        means[name] = fmean(values) if values else None
        finite = len(values) > 1 and all(map(isfinite, values))
        errors[name] = stdev(values) / len(values) ** 0.5 if finite else None
    return dict(
        block=cell.block.title,
        status='finished' if finished else left,
        work_dir=show_path(relocate(cell.work_dir, root)),
        ours=means,
        errors=errors,
        counts=counts,
        paper=runs[0]['paper'],
        marks=dict.fromkeys(means),
        runs=runs,
    )


def read_cell(cell: Cell, columns: Sequence[Column], root: str) -> dict[str, Any]:
    """Collect what a run recorded.

    Returns:
        dict[str, Any]: ``status`` ('finished', 'not run', '3/30 epochs' or 'not tested'),
            ``work_dir``, what was recorded (None where nothing was), ``metrics`` as recorded, and
            by column ``ours`` (if finished) and ``paper``, in the table's units.
    """
    work_dir = relocate(cell.work_dir, root)
    result = read_result(work_dir)
    recorded = dict.fromkeys(RECORDED) | dict(config=show_path(cell.config))
    status, metrics = 'not run', {}
    checkpoint = last_checkpoint(work_dir)
    if result is not None:
        recorded = {key: result.get(key) for key in RECORDED}
        if cell.seed is not None and recorded['seed'] != cell.seed:
            raise DataError(
                f'{Path(work_dir, RESULT)} is of seed {recorded["seed"]}, not {cell.seed}: another '
                "run's record lies there."
            )
        status, metrics = _progress(recorded), result['metrics']
    elif checkpoint is not None:
        unit, planned = _plan(Path(work_dir, Path(cell.config).name))
        recorded |= dict(unit=unit, done=steps_of(checkpoint), planned=planned)
        status = _progress(recorded).replace('finished', 'not tested')
    ours: dict[str, float | None] = dict.fromkeys(column.name for column in columns)
    if status == 'finished':
        for column in columns:
            value = metrics.get(column.metric(cell.block.task))
            ours[column.name] = None if value is None else column.figure(value, cell.block.task)
    return dict(
        block=cell.block.title,
        status=status,
        work_dir=show_path(work_dir),
        **recorded,
        metrics=metrics,
        ours=ours,
        paper=dict(zip(ours, cell.paper or [None] * len(columns), strict=True)),
        marks=dict.fromkeys(ours),
    )


def _progress(recorded: dict[str, Any]) -> str:
    done, planned = recorded['done'], recorded['planned']
    if done is not None and planned is not None and done >= planned:
        return 'finished'
    done, planned = ('?' if number is None else number for number in (done, planned))
    return f'{done}/{planned} {recorded["unit"]}'


def _plan(dumped: Path) -> tuple[str, int | None]:
    """Read the length of a run that has no result yet off the config that it wrote beside."""
    return plan_of(Config.fromfile(str(dumped))) if dumped.is_file() else ('epochs', None)


def begun(content: dict[str, Any]) -> bool:
    """Tell whether any run of a table has left something."""
    cells = [cell for row in content['rows'] for cell in row['cells']]
    runs = [run for cell in cells for run in cell.get('runs', [cell])]
    return any(run['status'] != 'not run' for run in runs)


def _seeds_of(table: Table, root: str) -> Iterator[int]:
    """Give the seeds that have a folder in a work dir of a table."""
    for row in table.rows:
        for cell in row.cells:
            for path in Path(relocate(cell.work_dir, root)).glob(f'{SEED}*'):
                if path.name.removeprefix(SEED).isdigit():
                    yield int(path.name.removeprefix(SEED))


def keep(table: Table, root: str, folder: str) -> None:
    """Copy what finished runs recorded, a small file each, to where the same table finds it.

    Raises:
        ConfigError: A record there is of another config. Nothing is copied then.
    """
    copies = {}
    for cell in table.cells:
        if read_cell(cell, table.columns, root)['status'] != 'finished':
            continue
        source, target = (Path(relocate(cell.work_dir, place), RESULT) for place in (root, folder))
        new, old = (read_result(path.parent) for path in (source, target))
        assert new is not None
        if old is not None and old.get('fingerprint') != new.get('fingerprint'):
            raise ConfigError(
                f'--keep: {target} ({_trained(old)}) is of another config than '
                f'{source} ({_trained(new)}). Keep it in another folder, or remove '
                f'{target} first. Nothing was kept.'
            )
        copies[target] = source.read_text(encoding='utf-8')
    for target, text in copies.items():
        write_text(target, text)


def headings(table: Table) -> list[str]:
    """Name the columns: the method, the SR net, then block and figure with its good direction."""
    arrows = dict(high='↑', low='↓')
    return ['Method', 'SR'] + [
        f'{block.title} {column.name} {arrows[column.best]}'.strip()
        for block in table.blocks
        for column in table.columns
    ]


def figures(table: Table, row: dict[str, Any], styles: Sequence[str]) -> list[str]:
    """Format a row's cells: our figure or the run's status, the paper's figure in brackets."""
    line = []
    for cell in row['cells']:
        for column in table.columns:
            ours, paper = cell['ours'][column.name], cell['paper'][column.name]
            text = cell['status']
            if text == 'finished':
                text = '-' if ours is None else f'{ours:.{column.decimals}f}'
                error = cell.get('errors', {}).get(column.name)
                text += '' if error is None else f' ± {error:.{column.decimals}f}'
                seeds, all_seeds = (
                    cell.get('counts', {}).get(column.name),
                    len(cell.get('runs', ())),
                )
                text += f', {seeds} of {all_seeds} seeds' if seeds and seeds < all_seeds else ''
            text = styles[cell['marks'][column.name] or 0].format(text)
            line.append(text if paper is None else f'{text} ({paper:.{column.decimals}f})')
    return line


def _note(table: Table) -> str:
    """Explain the brackets, where there are any."""
    return '; ours (paper)' if any(cell.paper for cell in table.cells) else ''


def print_table(table: Table, rows: list[dict[str, Any]], console: Console) -> None:
    """Print a table to the terminal."""
    view = RichTable(*headings(table), title=table.title + _note(table))
    for row, following in zip(rows, [*rows[1:], rows[-1]], strict=True):
        view.add_row(
            escape(row['method']),
            escape(row['sr']),
            *figures(table, row, RICH),
            end_section=row['group'] != following['group'],
        )
    console.print(view)


def markdown(tables: list[Table], contents: list[dict[str, Any]]) -> str:
    """Write tables as Markdown, each with the runs it comes from."""
    text = [
        '# Results\n',
        'The best is **bold** and the second best <u>underlined</u>, among the rows of one SR net; '
        "the paper's figures are in brackets.\n",
    ]
    for table, content in zip(tables, contents, strict=True):
        text += [f'## {table.title}\n', *_markdown_table(headings(table), (
            [row['method'], row['sr'], *figures(table, row, MARKDOWN)] for row in content['rows']
        ))]  # fmt: skip
        runs = {
            run['work_dir']: [
                run['config'],
                str(run['seed']),
                (run['commit'] or 'unknown')[:10] + ' (changed)' * bool(run['dirty']),
                f'{_trained(run)}{_effort(run)}',
                run['date'],
            ]
            for row in content['rows']
            for cell in row['cells']
            for run in cell.get('runs', [cell])
            if run['date']
        }
        if runs:
            head = ['Run', 'Seed', 'Commit', 'Trained', 'Tested']
            text += _markdown_table(head, runs.values())
    return '\n'.join(text)


def _trained(run: dict[str, Any]) -> str:
    """Say how far a run was trained, and what options changed of its config, at most three."""
    changed = run.get('changed') or []
    more = ['...'] if len(changed) > 3 else []
    options = f' with {", ".join([*changed[:3], *more])}' if changed else ''
    return f'{run["done"]} of {run["planned"]} {run["unit"]}{options}'


def _effort(run: dict[str, Any]) -> str:
    """Say how long a run was trained, and on what it was tested."""
    time = f' in {run["seconds"] / 60:.0f} min' if run['seconds'] else ''
    return f'{time} ({run["device"]})' if run['device'] else time


def _markdown_table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [f'| {" | ".join(line)} |' for line in (head, *rows)]
    return [lines[0], f'|{"---|" * len(head)}', *lines[1:], '']


def as_csv(contents: list[dict[str, Any]]) -> str:
    """Write tables as CSV, a figure a line; figures are not rounded."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator='\n')
    writer.writerow(['table', 'method', 'sr', 'block', 'metric', 'ours', 'paper', 'mark', *IN_CSV])
    writer.writerows(
        [content['table'], row['method'], row['sr'], cell['block'], name, ours,
         run['paper'][name], cell['marks'][name], *(run[key] for key in IN_CSV)]
        for content in contents
        for row in content['rows']
        for cell in row['cells']
        for run in cell.get('runs', [cell])
        for name, ours in run['ours'].items()
    )  # fmt: skip
    return file.getvalue()


@clear_errors()
def main(argv: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Print and write the tables; return what results.json has."""
    args = parse_args(argv)
    if not Path(args.work_dirs).is_dir():
        raise ConfigError(f'There is no folder {args.work_dirs}.')
    tables = [load_table(name, ROOT, args.seeds) for name in args.table]
    contents = [collect(table, args.work_dirs) for table in tables]
    if not any(begun(content) for content in contents):
        others = sorted({seed for table in tables for seed in _seeds_of(table, args.work_dirs)})
        raise ConfigError(
            f'Below {args.work_dirs} is no run of a table {", ".join(args.table)}: '
            + (
                f'there are those of seeds, --seeds {" ".join(map(str, others))} shows them.'
                if others
                else 'tools/run_table.py makes them.'
            )
        )
    if args.keep:
        for table in tables:
            keep(table, args.work_dirs, args.keep)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    for table, content in zip(tables, contents, strict=True):
        print_table(table, content['rows'], console)
    out = Path(args.out or args.work_dirs)
    write_text(out / 'results.md', markdown(tables, contents))
    write_text(out / 'results.csv', as_csv(contents))
    write_json(out / 'results.json', contents)
    console.print(f'Written: {out}/results.md, results.csv, results.json', soft_wrap=True)
    return contents


if __name__ == '__main__':
    main()
