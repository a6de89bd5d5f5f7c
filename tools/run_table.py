# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train and test the rows of a table: python tools/run_table.py {1..7} or my_table.yml.

It calls tools/train.py and tools/test.py (or their dist_ and slurm_ scripts) in the order in which
runs find the checkpoints that they start from. Called again, it skips what is finished and resumes
what is not; a run of a config that was changed since is refused. With --launcher slurm the
environment names the PARTITION. tools/analysis_tools/results_table.py shows what came out.
"""

import argparse
import os
import os.path as osp
import re
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from sr4ir_mm.apis.execute import execute, locked
from sr4ir_mm.apis.record import plan_of, show_path
from sr4ir_mm.apis.table_runs import Run, State, TableRuns, state_of
from sr4ir_mm.apis.tables import Cell, Table, load_table
from sr4ir_mm.checkpoints import POINTER, last_checkpoint
from sr4ir_mm.errors import ConfigError, SR4IRError
from sr4ir_mm.utils.layout import WORK_DIRS, mirror

ROOT = Path(__file__).resolve().parents[1]
LOG = 'run_table.log'
MARK = '@CHECKPOINT@'  # in a printed command, where it is not known yet
PROGRESS = re.compile(r'((?:Epoch|Iter)\((?:train|val|test)\).*)')
# Position, time that is left and losses are shown; rates and timings are in the log.
QUIET = re.compile(r'(\w*\.?lr|time|data_time|grad_norm|memory): \S+\s*')

console = Console(highlight=False)
notes = Console(stderr=True, highlight=False)


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description="Train and test a table's rows.")
    parser.add_argument('table', help='1 to 7, or a YAML file like configs/tables/table2.yml')
    parser.add_argument('--rows', nargs='+', metavar='SETTING', help='only these settings')
    parser.add_argument('--tasks', nargs='+', metavar='TASK', help='only these, as cls_cub')
    parser.add_argument('--scales', nargs='+', type=int, metavar='SCALE', help='only these')
    parser.add_argument(
        '--nets', nargs='+', metavar='NET', help='of rows with an SR net only these'
    )
    parser.add_argument('--launcher', choices=['none', 'pytorch', 'slurm'], default='none')
    parser.add_argument(
        '--gpus',
        type=int,
        metavar='N',
        help='processes of a run; without it as many as each config is made for (its '
        'base_batch_size / batch_size), with --launcher none always 1',
    )
    parser.add_argument(
        '--cfg-options', nargs='+', default=[], metavar='KEY=VALUE', help='for every run'
    )
    parser.add_argument(
        '--without', nargs='+', default=[], metavar='METRIC', help='leave out of tests, as LPIPS'
    )
    parser.add_argument('--work-dirs', default=WORK_DIRS, help=f'root, default {WORK_DIRS}')
    parser.add_argument('--dry-run', action='store_true', help='only print the commands')
    return parser.parse_args(argv)


def select(table: Table, args: argparse.Namespace) -> list[Cell]:
    """Pick the cells that the options name.

    Raises:
        ConfigError: An option names something that the table lacks, or nothing is left.
    """
    choices: dict[str, list] = dict(
        rows=[row.setting for row in table.rows],
        nets=[row.net for row in table.rows],
        tasks=[block.task for block in table.blocks],
        scales=[block.scale for block in table.blocks],
    )
    for option, values in choices.items():
        known = dict.fromkeys(str(value) for value in values if value is not None)
        for name in getattr(args, option) or ():
            if str(name) not in known:
                raise ConfigError(f'--{option} {name}: {table.name} has {", ".join(known)}.')
    cells = [
        cell
        for row in table.rows
        for cell in row.cells
        if (not args.rows or row.setting in args.rows)
        and (not args.nets or row.net is None or row.net in args.nets)
        and (not args.tasks or cell.block.task in args.tasks)
        and (not args.scales or cell.block.scale in args.scales)
    ]
    if not cells:
        raise ConfigError('No row of the table fits all the options.')
    return cells


def gpus_of(run: Run, args: argparse.Namespace) -> tuple[int, str]:
    """Give the number of processes, and a warning if their batch is not the config's."""
    base = run.cfg.get('auto_scale_lr', {}).get('base_batch_size')
    batch = run.cfg.train_dataloader.get('batch_size')
    meant = max(1, base // batch) if base and batch else 1
    gpus = 1 if args.launcher == 'none' else args.gpus or meant
    if not base or not batch or gpus * batch == base:
        return gpus, ''
    return gpus, (
        f'warning: {run.name}: {gpus} x batch_size {batch} = {gpus * batch}, but the learning '
        f'rates are made for {base}. It takes {meant} processes (--launcher, --gpus), or another '
        'train_dataloader.batch_size.'
    )


def command(run: Run, todo: str, args: argparse.Namespace, checkpoint: str = '') -> list[str]:
    """Make the command that trains or tests a run, with ``NAME=VALUE`` in front if need be."""
    gpus, _ = gpus_of(run, args)
    words, env = [run.config] + [checkpoint] * (todo == 'test'), []
    place = ['--work-dir', run.work_dir]
    default = osp.join(WORK_DIRS, mirror(run.config)[1])
    if osp.normpath(run.work_dir) == default and run.cfg.get('work_dir') is None:
        place = []
    if args.launcher == 'pytorch':
        words.append(str(gpus))
        head = [show_path(ROOT / f'tools/dist_{todo}.sh')]
    elif args.launcher == 'slurm':
        env = [f'GPUS={gpus}', f'GPUS_PER_NODE={os.environ.get("GPUS_PER_NODE", min(gpus, 8))}']
        head = [show_path(ROOT / f'tools/slurm_{todo}.sh'), os.environ['PARTITION'], run.name]
        if todo == 'train':  # slurm_train.sh takes it by position
            words, place = [*words, run.work_dir], []
    else:
        head = ['python', show_path(ROOT / f'tools/{todo}.py')]
    only = ['--resume'] if todo == 'train' else ['--without', *run.without] * bool(run.without)
    options = ['--cfg-options', *run.options] if run.options else []
    return [*env, *head, *words, *place, *only, *options]


def print_commands(runs: dict[str, Run], args: argparse.Namespace) -> None:
    """Print what is left to do, one command a line, as a shell takes it."""
    for run in runs.values():
        state = state_of(run)
        for todo in ('train', 'test')[('train', 'test', 'nothing').index(state.todo) :]:
            line = shlex.join(command(run, todo, args, MARK))
            pointer = shlex.quote(osp.join(run.work_dir, POINTER))
            print(line.replace(MARK, f'"$(cat {pointer})"') if todo == 'test' else line)


def step(run: Run, todo: str, args: argparse.Namespace, lock: int) -> None:
    """Train or test a run.

    Raises:
        SystemExit: It failed; the message has the command, the end of its log and where that is.
    """
    checkpoint = last_checkpoint(run.work_dir)
    words = command(run, todo, args, show_path(checkpoint) if checkpoint else '')
    log = Path(run.work_dir, LOG)
    tail: list[str] = []

    def show(line: str) -> None:
        tail[:] = [*tail[-29:], line]
        match = PROGRESS.search(line)
        if match:
            text = QUIET.sub('', match[1]).strip()
            console.print(f'      {text}', style='dim', markup=False, soft_wrap=True)

    with log.open('a', encoding='utf-8') as file:
        file.write(f'$ {shlex.join(words)}\n')
    code = execute(words, log, lock, show)
    if code:
        console.print('\n'.join(tail), markup=False, soft_wrap=True)
        sys.exit(f'\nerror: {shlex.join(words)}\nfailed (exit code {code}); its last lines are '
                 f'above, all are in {log}. Mend the cause and call again to go on.')  # fmt: skip


def advance(run: Run, args: argparse.Namespace) -> None:
    """Bring a run to its end, from wherever it is.

    Raises:
        SystemExit: A command failed, or did not do what it should have.
    """

    def tell_waiting() -> None:
        console.print(f'      waits for another process in {run.work_dir}', markup=False)

    with locked(Path(run.work_dir, '.run_table.lock'), tell_waiting) as lock:
        for _ in ('train', 'test'):
            state = state_of(run)  # under the lock: another call may have worked on it
            if state.todo == 'nothing':
                return
            step(run, state.todo, args, lock)
            after = state_of(run)
            if after.todo == state.todo:
                unit, planned = plan_of(run.cfg)
                sys.exit(f'error: {state.todo} of {run.name} ended without an error, but after '
                         f'{after.done} of {planned} {unit} and without a result that fits '
                         f'{run.config}; see {Path(run.work_dir, LOG)}.')  # fmt: skip


def effort(run: Run, state: State) -> float:
    """Estimate the work that is left of a run, in trainings; a test counts as a twentieth."""
    if state.todo == 'nothing':
        return 0.0
    return 0.05 + max(0.0, 1 - state.done / (plan_of(run.cfg)[1] or 1))


def run_all(runs: dict[str, Run], args: argparse.Namespace) -> None:
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
            seconds = spent / worked * sum(left.values())
            what += f', about {seconds / 3600:.1f} h left in all'
        console.print(f'[{number}/{len(runs)}] {run.name}: {what}', markup=False, soft_wrap=True)
        started = time.monotonic()
        if state.todo != 'nothing':
            advance(run, args)
            spent, worked = spent + time.monotonic() - started, worked + left[name]
        left[name] = 0.0


def main(argv: Sequence[str] | None = None) -> None:
    """Run a table."""
    args = parse_args(argv)
    try:
        if args.launcher == 'none' and (args.gpus or 1) > 1:
            raise ConfigError(f'--gpus {args.gpus} needs --launcher pytorch or slurm.')
        if args.launcher == 'slurm' and 'PARTITION' not in os.environ:
            raise ConfigError('--launcher slurm: set the environment variable PARTITION.')
        table = load_table(args.table, ROOT)
        cells = select(table, args)
        everything = [cell for row in table.rows for cell in row.cells]
        known = TableRuns(everything, ROOT, args.work_dirs, args.cfg_options, args.without)
        runs = known.order(cells)
        for name in args.without:
            if not any(name in run.without for run in runs.values()):
                raise ConfigError(f'--without {name}: no config has such a metric.')
        asked = {cell.work_dir for cell in cells}
        for name in [name for name in runs if name not in asked]:
            users = [run.name for run in runs.values() if name in run.needs]
            notes.print(f'added: {runs[name].name}, from which {", ".join(users)} starts',
                        markup=False, soft_wrap=True)  # fmt: skip
        for run in runs.values():
            if gpus_of(run, args)[1]:
                notes.print(gpus_of(run, args)[1], markup=False, soft_wrap=True)
        if args.dry_run:
            print_commands(runs, args)
            return
        run_all(runs, args)
    except (SR4IRError, FileNotFoundError) as error:
        sys.exit(f'error: {error}')
    console.print(f'{table.title}: all {len(runs)} runs are finished. The table: python '
                  f'{show_path(ROOT / "tools/analysis_tools/results_table.py")} {args.work_dirs} '
                  f'--table {args.table}', markup=False, soft_wrap=True)  # fmt: skip


def _end_by_signal(number: int, _: object) -> None:
    raise SystemExit(128 + number)


if __name__ == '__main__':
    # Ended by a batch system, it ends the command that is running, too.
    signal.signal(signal.SIGTERM, _end_by_signal)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit('\ninterrupted; call again to go on.')
