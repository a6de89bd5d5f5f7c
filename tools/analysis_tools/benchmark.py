# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Time a setting's training: python tools/analysis_tools/benchmark.py CONFIG.

With --against plain, time it beside a step written plainly, as the authors' code has it, on made
data of the config's sizes; with --suite, do so for the configs of docs/performance.md.
"""

import argparse
import os.path as osp
import sys
import tempfile
from collections.abc import Sequence
from statistics import median
from typing import Any

import torch
from against_plain import STEPS, compare, serve
from measure import Stopwatch, peak_memory, reset_peak_memory
from mmengine.config import Config
from mmengine.fileio import dump
from mmengine.runner import Runner
from plain_step import check_written_plainly
from rich.console import Console
from rich.table import Table
from suite import SCRIPT, describe_machine, run_suite

from sr4ir_mm.apis.arguments import non_negative_int, positive_int
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, load_config
from sr4ir_mm.apis.switches import add_switches, apply_switches
from sr4ir_mm.engine.runner import run_phase
from sr4ir_mm.utils.nets import unwrap


def prepare(cfg: Config, iterations: int, warmup: int) -> Config:
    """Turn a config into a run of so many iterations without validation or checkpoints.

    Hooks that begin later, such as the TDP warm-up, are left out: the full step is what counts.
    """
    cfg.train_cfg = dict(
        type='AlternatingIterLoop', max_iters=iterations + warmup, val_interval=10**9
    )
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.param_scheduler = None
    cfg.custom_hooks = []
    cfg.default_hooks.checkpoint = None
    cfg.log_level = 'WARNING'
    cfg.log_processor.by_epoch = False
    return cfg


def measure(runner: Runner, iterations: int, warmup: int) -> dict[str, Any]:
    """Train and time.

    Args:
        runner (Runner): Of a prepared config.
        iterations (int): That count.
        warmup (int): Iterations before those.

    Returns:
        dict[str, Any]: Medians in seconds of each part, images per second, and peak memory in MiB
            (of the device; without a GPU, of this process).
    """
    watch, loop, model = Stopwatch(), runner.train_loop, unwrap(runner.model)
    optim_wrapper = runner.build_optim_wrapper(runner.optim_wrapper)
    model.init_weights()
    model.train()
    reset_peak_memory()
    batches = loop.dataloader_iterator
    for _ in range(warmup + iterations):
        with watch('data'):
            batch = next(batches)
        with watch('iteration'):
            data = model.data_preprocessor(batch, True)
            for phase in loop.phases:
                with watch(f'phase that updates {" and ".join(phase.update)}'):
                    run_phase(model, phase, data, optim_wrapper)

    parts = {name: median(times[warmup:]) for name, times in watch.times.items()}
    batch_size = loop.dataloader.batch_sampler.batch_size
    whole = parts['iteration'] + parts['data']
    return dict(
        seconds=parts, images_per_second=batch_size / whole, peak_memory_mib=peak_memory() / 2**20
    )


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description='Time the training step of a setting.')
    parser.add_argument('config', nargs='?', help='config file')
    parser.add_argument('--iterations', type=positive_int, default=20, help='that count (20)')
    parser.add_argument(
        '--warmup', type=non_negative_int, default=5, help='iterations before those (5)'
    )
    parser.add_argument(
        '--from-scratch', action='store_true', help='do not load what model.init names'
    )
    parser.add_argument(
        '--against', choices=['plain'], help='compare with the step written plainly, on made data'
    )
    parser.add_argument('--batch-size', type=positive_int, help="of the made data (the config's)")
    parser.add_argument('--suite', action='store_true', help='compare for a list of configs')
    parser.add_argument(
        '--dry-run', action='store_true', help='with --suite: only print its commands'
    )
    parser.add_argument(
        '--rows',
        nargs='+',
        metavar='PATTERN',
        help="with --suite: only rows with names as these, such as 'det*' or '*_fast'",
    )
    parser.add_argument(
        '--minutes', type=positive_int, default=10, help='with --suite: at most for each row (10)'
    )
    parser.add_argument('--serve', choices=list(STEPS), help=argparse.SUPPRESS)
    add_switches(parser)
    add_launch_arguments(parser)
    args = parser.parse_args(argv)
    if args.suite == bool(args.config):
        parser.error('name a config, or ask for --suite')
    if (args.dry_run or args.rows) and not args.suite:
        parser.error('--dry-run and --rows go with --suite')
    if args.batch_size and not args.against:
        parser.error('--batch-size goes with --against plain')
    if args.suite and (args.against or args.amp or args.fast or args.compile or args.cfg_options):
        parser.error('--suite has switches of its own: name a config for others')
    return args


def time_training(cfg: Config, args: argparse.Namespace) -> dict[str, Any]:
    """Time the config's own run, data loading included, and print a table."""
    cfg = prepare(cfg, args.iterations, args.warmup)
    if args.from_scratch:
        cfg.model.init = None
    work_dir = cfg.work_dir
    with tempfile.TemporaryDirectory() as cfg.work_dir:  # the run's own logs are not wanted
        report = measure(build_runner(cfg), args.iterations, args.warmup)
    cfg.work_dir = work_dir
    rows = [(name, f'{1000 * seconds:.1f} ms') for name, seconds in report['seconds'].items()]
    rows.append(('images per second', f'{report["images_per_second"]:.2f}'))
    where = 'device' if torch.cuda.is_available() else 'process'
    rows.append((f'peak memory ({where})', f'{report["peak_memory_mib"]:.0f} MiB'))
    _print(f'{args.config}, {args.iterations} iterations, medians', ('part', 'value'), rows)
    return report


def time_against_plain(cfg: Config, args: argparse.Namespace, argv: Sequence[str]) -> dict:
    """Compare with the plain step and print a table."""
    check_written_plainly(cfg)
    batch_size = args.batch_size or cfg.train_dataloader.batch_size
    commands = {name: [sys.executable, SCRIPT, *argv, '--serve', name] for name in STEPS}
    report = compare(commands, args.iterations, args.warmup)
    for name in STEPS:
        part = report[name]
        part['images_per_second'] = batch_size / part['seconds']
        part['share_of_peak'] = part['flops'] / part['seconds'] / part['matrix_peak']
    columns = [report[name] for name in STEPS]
    rows = [
        ('seconds', *(f'{column["seconds"]:.3f}' for column in columns)),
        ('images per second', *(f'{column["images_per_second"]:.2f}' for column in columns)),
        ('operations', *(str(column['operations']) for column in columns)),
        ('peak memory, MiB', *(f'{column["peak_memory"] / 2**20:.0f}' for column in columns)),
        ("share of the machine's peak", *(f'{column["share_of_peak"]:.0%}' for column in columns)),
    ]
    title = f'{args.config}, batch {batch_size}: ours / plain = {report["ratio"]:.2f}'
    _print(title, ('', 'plain', 'ours'), rows)
    plain, ours = (column['peak_memory'] for column in columns)
    return report | dict(batch_size=batch_size, memory_ratio=ours / plain)


def _print(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title)
    for index, name in enumerate(names):
        table.add_column(name, justify='right' if index else 'left')
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print a table, and write ``benchmark.json`` to the work dir."""
    argv = sys.argv[1:] if argv is None else list(argv)
    args = parse_args(argv)
    with clear_errors():
        if args.suite:
            return run_suite(args)
        cfg = load_config(args)
        apply_switches(cfg, args)
        if args.serve:
            serve(cfg, args.serve, args.batch_size or cfg.train_dataloader.batch_size)
            return {}
        report = time_against_plain(cfg, args, argv) if args.against else time_training(cfg, args)
        path = osp.join(cfg.work_dir, 'benchmark.json')
        machine = describe_machine()
        dump(dict(report, config=args.config, machine=machine), path, file_format='json', indent=2)
        print(f'written to {path}')
    return report


if __name__ == '__main__':
    main()
