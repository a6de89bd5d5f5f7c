# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train and test the rows of a table: python tools/run_table.py {1..7}, small or my_table.yml.

It calls tools/train.py and tools/test.py (or their dist_ and slurm_ scripts) in the order in which
runs find the checkpoints that they start from. Called again, it skips what is finished and resumes
what is not; a run of a config that was changed since is refused. With --launcher slurm the
environment names the PARTITION. tools/results_table.py shows what came out.
"""

import argparse
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from tables.command import Launcher
from tables.preflight import check_runs
from tables.process import locked, run_command
from tables.result import plan_of, show_path
from tables.runs import Run, State, TableRuns, state_of
from tables.table import Cell, Row, Table, load_table

from sr4ir_mm.apis.arguments import output_folder, positive_int
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import last_checkpoint
from sr4ir_mm.errors import ConfigError, SR4IRError
from sr4ir_mm.utils.layout import WORK_DIRS
from sr4ir_mm.utils.spelling import suggest

ROOT = Path(__file__).resolve().parents[1]
LOG = 'run_table.log'
PROGRESS = re.compile(r'((?:Epoch|Iter)\((?:train|val|test)\).*)')
# Position, time that is left and losses are shown; rates and timings are in the log.
QUIET = re.compile(r'([\w.]*lr|time|data_time|grad_norm|memory): \S+\s*')
# By option, what it picks rows and cells by.
SELECT: dict[str, Callable[[Row, Cell], Any]] = dict(
    rows=lambda row, cell: row.setting,
    nets=lambda row, cell: row.net,
    tasks=lambda row, cell: cell.block.task,
    scales=lambda row, cell: cell.block.scale,
)

console = Console(highlight=False, markup=False, soft_wrap=True)
notes = Console(highlight=False, markup=False, soft_wrap=True, stderr=True)


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description="Train and test a table's rows.")
    parser.add_argument('table', help='1 to 7, small, or a YAML file as in configs/tables')
    parser.add_argument('--rows', nargs='+', metavar='SETTING', help='only these settings')
    parser.add_argument('--tasks', nargs='+', metavar='TASK', help='only these, as cls_cub')
    parser.add_argument('--scales', nargs='+', type=int, metavar='SCALE', help='only these')
    parser.add_argument(
        '--nets', nargs='+', metavar='NET', help='of rows with an SR net only these'
    )
    parser.add_argument(
        '--seeds', nargs='+', type=int, metavar='SEED', help="in place of the table's own"
    )
    parser.add_argument('--launcher', choices=['none', 'pytorch', 'slurm'], default='none')
    parser.add_argument(
        '--gpus',
        type=positive_int,
        metavar='N',
        help='processes of a run; without it as many as each config is made for (its '
        'base_batch_size / batch_size), with --launcher none always 1',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='for every run, also those that others start from',
    )
    parser.add_argument(
        '--without', nargs='+', default=[], metavar='METRIC', help='leave out, as LPIPS'
    )
    parser.add_argument(
        '--work-dirs', type=output_folder, default=WORK_DIRS, help=f'root, default {WORK_DIRS}'
    )
    parser.add_argument('--dry-run', action='store_true', help='only print the commands')
    return parser.parse_args(argv)


def select(table: Table, args: argparse.Namespace) -> list[Cell]:
    """Pick the cells that the options name.

    Raises:
        ConfigError: An option names something that the table lacks, or nothing is left.
    """
    cells = everything = [
        (row, run) for row in table.rows for cell in row.cells for run in table.runs(cell)
    ]
    for option, value_of in SELECT.items():
        names = getattr(args, option) or ()
        values = dict.fromkeys(value_of(*pair) for pair in everything)
        known = [str(value) for value in values if value is not None]
        for name in names:
            if str(name) not in known:
                raise ConfigError(
                    f'--{option} {name}: the table has no such; {suggest(name, known)}'
                )
        if names:
            # A row without an SR net belongs to each of them.
            fitting = (*names, None) if option == 'nets' else names
            cells = [pair for pair in cells if value_of(*pair) in fitting]
    if not cells:
        given = [f'--{name} {" ".join(map(str, getattr(args, name) or ()))}' for name in SELECT]
        named = ' '.join(option for option in given if not option.endswith(' '))
        raise ConfigError(f'{table.name} has no run that fits all of {named}.')
    return [cell for _, cell in cells]


def plan(table: Table, args: argparse.Namespace) -> dict[str, Run]:
    """Put the runs that the options name in order, and tell what is odd about them.

    Raises:
        ConfigError: An option or a config cannot be used.
    """
    cells = select(table, args)
    known = TableRuns(table.cells, ROOT, args.work_dirs, args.cfg_options, args.without)
    runs = known.order(cells)
    for name in args.without:
        if not any(name in run.without['test'] for run in runs.values()):
            raise ConfigError(f'--without {name}: no config has such a metric.')
    asked = {cell.work_dir for cell in cells}
    for name in [name for name in runs if name not in asked]:
        users = [run.name for run in runs.values() if name in run.needs]
        notes.print(f'added: {runs[name].name}, from which {", ".join(users)} starts')
    return runs


def print_commands(runs: dict[str, Run], launcher: Launcher) -> None:
    """Print what is left to do, one command per line, as a shell takes it."""
    for run in runs.values():
        todo = state_of(run).todo
        if todo == 'train':
            print(shlex.join(launcher.command(run, 'train')))
        if todo != 'nothing':
            print(shlex.join(launcher.command(run, 'test', run.work_dir)))


def call_tool(run: Run, todo: str, launcher: Launcher, lock: int) -> None:
    """Train or test a run.

    Raises:
        SR4IRError: It failed; the message has the command, the end of its log and where that is.
    """
    checkpoint = last_checkpoint(run.work_dir)
    words = launcher.command(run, todo, show_path(checkpoint) if checkpoint else '')
    log = Path(run.work_dir, LOG)
    tail: list[str] = []

    def show(line: str) -> None:
        tail[:] = [*tail[-29:], line]
        match = PROGRESS.search(line)
        if match:
            console.print(f'      {QUIET.sub("", match[1]).strip()}', style='dim')

    with log.open('a', encoding='utf-8') as file:
        file.write(f'$ {shlex.join(words)}\n')
    code = run_command(words, log, lock, show)
    if code:
        console.print('\n'.join(tail))
        raise SR4IRError(
            f'{shlex.join(words)}\nfailed (exit code {code}); its last lines are above, '
            f'all are in {log}. Mend the cause and call again to go on.'
        )


def advance(run: Run, launcher: Launcher) -> None:
    """Bring a run to its end, from wherever it is.

    Raises:
        SR4IRError: A command failed, or did not do what it should have.
    """

    def tell_waiting() -> None:
        console.print(f'      waits for another process in {run.work_dir}')

    with locked(Path(run.work_dir, '.run_table.lock'), tell_waiting) as lock:
        state = state_of(run)  # under the lock: another call may have worked on it
        while state.todo != 'nothing':
            call_tool(run, state.todo, launcher, lock)
            before, state = state, state_of(run)
            if state.todo == before.todo:
                unit, planned = plan_of(run.cfg)
                raise SR4IRError(
                    f'{state.todo} of {run.name} ended without an error, but after '
                    f'{state.done} of {planned} {unit} and without a result that fits '
                    f'{run.config}; see {Path(run.work_dir, LOG)}.'
                )


def effort(run: Run, state: State) -> float:
    """Estimate the work that is left of a run, in trainings; a test counts as a twentieth."""
    if state.todo == 'nothing':
        return 0.0
    return 0.05 + max(0.0, 1 - state.done / (plan_of(run.cfg)[1] or 1))


def run_all(runs: dict[str, Run], launcher: Launcher) -> None:
    """Do what is left, one run after the other, and tell where it is."""
    left = {name: effort(run, state_of(run)) for name, run in runs.items()}
    spent = worked = 0.0
    for number, (name, run) in enumerate(runs.items(), 1):
        state = state_of(run)
        unit, planned = plan_of(run.cfg)
        what = dict(nothing='finished', test='test', train='train and test')[state.todo]
        if state.todo == 'train' and state.done:
            what = f'resume after {state.done} of {planned} {unit}'
        if state.todo != 'nothing' and worked:
            what += f', about {spent / worked * sum(left.values()) / 3600:.1f} h left in all'
        console.print(f'[{number}/{len(runs)}] {run.name}: {what}')
        if state.todo != 'nothing':
            started = time.monotonic()
            advance(run, launcher)
            spent, worked = spent + time.monotonic() - started, worked + left[name]
        left[name] = 0.0


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Run a table."""
    args = parse_args(argv)
    if args.launcher == 'none' and (args.gpus or 1) > 1:
        raise ConfigError(f'--gpus {args.gpus} needs --launcher pytorch or slurm.')
    if args.launcher == 'slurm' and 'PARTITION' not in os.environ:
        raise ConfigError('--launcher slurm: set the environment variable PARTITION.')
    launcher = Launcher(args.launcher, args.gpus)
    table = load_table(args.table, ROOT, args.seeds)
    runs = plan(table, args)
    for run in runs.values():
        warning = launcher.processes(run)[1]
        if warning:
            notes.print(warning)
    # Where runs are submitted to other machines, these may have the data alone.
    with_files = not args.dry_run and args.launcher != 'slurm'
    check_runs(runs, args.cfg_options, with_files)
    if args.dry_run:
        print_commands(runs, launcher)
        return
    run_all(runs, launcher)
    console.print(
        f'{table.title}: all {len(runs)} runs are finished. The table: python '
        f'{show_path(ROOT / "tools/results_table.py")} {args.work_dirs} --table {args.table}'
        f'{" ".join(["", "--seeds", *map(str, args.seeds)]) if args.seeds else ""}'
    )


def _end_by_signal(number: int, _: object) -> None:
    raise SystemExit(128 + number)


if __name__ == '__main__':
    # Ended by a batch system, it ends the command that is running, too.
    signal.signal(signal.SIGTERM, _end_by_signal)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit('\ninterrupted; call again to go on.')
