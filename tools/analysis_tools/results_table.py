# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Show what runs recorded as tables: python tools/analysis_tools/results_table.py WORK_DIRS.

Prints our figures beside the paper's (in brackets), with the best and the second best of ours
marked, and writes results.md, results.csv and results.json. Rows are marked within a group, as in
the paper: those of one SR net, the oracle and the bilinear row left out.
"""

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from sr4ir_mm.apis.record import (
    plan_of,
    read_result,
    show_path,
    write_json,
    write_text,
)
from sr4ir_mm.apis.tables import PAPER_TABLES, Cell, Column, Table, load_table
from sr4ir_mm.checkpoints import last_checkpoint, steps_of
from sr4ir_mm.errors import ConfigError, SR4IRError
from sr4ir_mm.utils.layout import place

ROOT = Path(__file__).resolve().parents[2]
MARKS = {'rich': ('[bold]{}[/]', '[underline]{}[/]'), 'markdown': ('**{}**', '<u>{}</u>')}
RECORDED = ('config', 'seed', 'commit', 'dirty', 'unit', 'done', 'planned', 'checkpoint', 'date')


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Show tables of what runs recorded.')
    parser.add_argument('work_dirs', help='the root of the work dirs, as work_dirs')
    parser.add_argument(
        '--table', nargs='+', default=PAPER_TABLES, help='1 to 7 or YAML files; default all seven'
    )
    parser.add_argument('--out', help='folder of results.{md,csv,json}; default WORK_DIRS')
    return parser.parse_args(argv)


def read_cell(cell: Cell, columns: Sequence[Column], root: str) -> dict[str, Any]:
    """Collect a run's record.

    Returns:
        dict[str, Any]: ``status`` ('finished', 'not run', '3/30 epochs' or 'not tested'),
            ``work_dir``, what was recorded (None where nothing was), ``metrics`` as recorded, and
            by column ``ours`` (if finished) and ``paper``, in the table's units.
    """
    work_dir = place(cell.work_dir, root)
    result = read_result(work_dir)
    record = dict.fromkeys(RECORDED) | dict(config=show_path(cell.config))
    if result is not None:
        record = {key: result.get(key) for key in RECORDED}
        status = _progress(result['done'], result['planned'], result['unit'])
    else:
        checkpoint = last_checkpoint(work_dir)
        status = 'not run'
        if checkpoint is not None:
            unit, planned = _plan(Path(work_dir, Path(cell.config).name))
            record |= dict(unit=unit, done=steps_of(checkpoint), planned=planned)
            status = _progress(record['done'], planned, unit)
            status = 'not tested' if status == 'finished' else status
    metrics = result['metrics'] if result else {}
    ours: dict[str, float | None] = {}
    for column in columns:
        value = metrics.get(column.metric(cell.block.task))
        ours[column.name] = None if value is None else value * column.factor
    return dict(
        block=cell.block.title,
        status=status,
        work_dir=show_path(work_dir),
        **record,
        metrics=metrics,
        ours=ours if status == 'finished' else dict.fromkeys(ours),
        paper=dict(zip(ours, cell.paper or [None] * len(columns), strict=True)),
        marks=dict.fromkeys(ours),
    )


def collect(table: Table, root: str) -> dict[str, Any]:
    """Collect a table and mark the best (1) and the second best (2) of each column and group."""
    rows: list[dict[str, Any]] = [
        dict(
            setting=row.setting,
            method=row.method,
            sr=row.sr,
            group=row.group,
            cells=[read_cell(cell, table.columns, root) for cell in row.cells],
        )
        for row in table.rows
    ]
    for group in {row['group'] for row in rows} - {None}:
        members = [row for row in rows if row['group'] == group]
        for block in range(len(table.blocks)):
            for column in table.columns:
                cells = [row['cells'][block] for row in members]
                values = {c['ours'][column.name] for c in cells} - {None}
                best = sorted(values, reverse=column.best == 'high')[:2]
                for cell in cells:
                    value = cell['ours'][column.name]
                    cell['marks'][column.name] = best.index(value) + 1 if value in best else None
    return dict(table=table.name, title=table.title, rows=rows)


def headings(table: Table) -> list[str]:
    """Name the columns: the method, the SR net, then block and figure with its good direction."""
    arrows = dict(high='↑', low='↓')
    figures = [
        f'{block.title} {column.name} {arrows[column.best]}'.strip()
        for block in table.blocks
        for column in table.columns
    ]
    return ['Method', 'SR', *figures]


def lines(table: Table, content: dict[str, Any], style: str) -> list[list[str]]:
    """Format the rows: our figure or the run's status, the paper's figure in brackets."""
    formatted = []
    for row in content['rows']:
        line = [row['method'], row['sr']]
        if style == 'rich':
            line = [escape(text) for text in line]
        for cell in row['cells']:
            for column in table.columns:
                line.append(_format(cell, column, style))
        formatted.append(line)
    return formatted


def print_table(table: Table, content: dict[str, Any], console: Console) -> None:
    """Print a table to the terminal."""
    view = RichTable(title=f'{table.title}; ours (paper)')
    for heading in headings(table):
        view.add_column(heading)
    previous = content['rows'][0]['group']
    for row, line in zip(content['rows'], lines(table, content, 'rich'), strict=True):
        if row['group'] != previous:
            view.add_section()
        previous = row['group']
        view.add_row(*line)
    console.print(view)


def markdown(tables: list[Table], contents: list[dict[str, Any]]) -> str:
    """Write tables as Markdown, each with the runs it comes from."""
    text = ['# Results', '', 'Ours (paper). Of ours the best is **bold** and the second best '
            '<u>underlined</u>, among the rows of one SR net.', '']  # fmt: skip
    for table, content in zip(tables, contents, strict=True):
        head = headings(table)
        text += [f'## {table.title}', '', f'| {" | ".join(head)} |', f'|{"---|" * len(head)}']
        text += [f'| {" | ".join(line)} |' for line in lines(table, content, 'markdown')]
        runs = {}
        for row in content['rows']:
            for cell in row['cells']:
                if cell['date']:
                    commit = (
                        f'{(cell["commit"] or "unknown")[:10]}{" (changed)" * bool(cell["dirty"])}'
                    )
                    runs[cell['work_dir']] = (
                        f'| {cell["config"]} | {cell["seed"]} | {commit} | {cell["done"]} of '
                        f'{cell["planned"]} {cell["unit"]} | {cell["date"]} |'
                    )
        if runs:
            text += ['', '| Run | Seed | Commit | Trained | Tested |', '|---|---|---|---|---|']
            text += runs.values()
        text.append('')
    return '\n'.join(text)


def as_csv(contents: list[dict[str, Any]]) -> str:
    """Write tables as CSV, a figure a line; figures are not rounded."""
    keys = ('status', *(key for key in RECORDED if key not in ('checkpoint', 'date')))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator='\n')
    writer.writerow(['table', 'method', 'sr', 'block', 'metric', 'ours', 'paper', 'mark', *keys])
    for content in contents:
        for row in content['rows']:
            for cell in row['cells']:
                for name, ours in cell['ours'].items():
                    writer.writerow(
                        [content['table'], row['method'], row['sr'], cell['block'], name, ours,
                         cell['paper'][name], cell['marks'][name], *(cell[key] for key in keys)]
                    )  # fmt: skip
    return file.getvalue()


def main(argv: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Print and write the tables; return what results.json has."""
    args = parse_args(argv)
    try:
        if not Path(args.work_dirs).is_dir():
            raise ConfigError(f'There is no folder {args.work_dirs}.')
        tables = [load_table(name, ROOT) for name in args.table]
        contents = [collect(table, args.work_dirs) for table in tables]
    except SR4IRError as error:
        sys.exit(f'error: {error}')
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=200)
    for table, content in zip(tables, contents, strict=True):
        print_table(table, content, console)
    out = Path(args.out or args.work_dirs)
    write_text(out / 'results.md', markdown(tables, contents))
    write_text(out / 'results.csv', as_csv(contents))
    write_json(out / 'results.json', contents)
    console.print(f'Written: {out}/results.md, results.csv, results.json', soft_wrap=True)
    return contents


def _format(cell: dict[str, Any], column: Column, style: str) -> str:
    value, paper = cell['ours'][column.name], cell['paper'][column.name]
    text = cell['status']
    if text == 'finished':
        text = '-' if value is None else f'{value:.{column.decimals}f}'
    mark = cell['marks'][column.name]
    text = MARKS[style][mark - 1].format(text) if mark else text
    return text if paper is None else f'{text} ({paper:.{column.decimals}f})'


def _progress(done: int | None, planned: int | None, unit: str) -> str:
    if done is not None and planned is not None and done >= planned:
        return 'finished'
    return f'{"?" if done is None else done}/{"?" if planned is None else planned} {unit}'


def _plan(dumped: Path) -> tuple[str, int | None]:
    """Read the length of a run that has no result yet off the config that it wrote beside."""
    return plan_of(Config.fromfile(str(dumped))) if dumped.is_file() else ('epochs', None)


if __name__ == '__main__':
    main()
