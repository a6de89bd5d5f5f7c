# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Time a setting's training: python tools/analysis_tools/benchmark.py CONFIG."""

import argparse
import os.path as osp
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

import torch
from mmengine.config import Config
from mmengine.fileio import dump
from mmengine.runner import Runner
from rich.console import Console
from rich.table import Table

from sr4ir_mm.apis.edit_config import AMP, AMP_HELP, use_amp
from sr4ir_mm.apis.launch import add_launch_arguments, build_runner, clear_errors, load_config
from sr4ir_mm.engine.runner import run_phase
from sr4ir_mm.utils.nets import unwrap


class Stopwatch:
    """Times of named parts, in seconds, device included."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        begin = self.now()
        yield
        self.times[name].append(self.now() - begin)

    @staticmethod
    def now() -> float:
        """Wait for the device and read the clock."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter()


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
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
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
    if torch.cuda.is_available():
        peak = torch.cuda.max_memory_allocated() / 2**20
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    batch_size = loop.dataloader.batch_sampler.batch_size
    whole = parts['iteration'] + parts['data']
    return dict(seconds=parts, images_per_second=batch_size / whole, peak_memory_mib=peak)


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure, print a table, and write ``benchmark.json`` to the work dir."""
    parser = argparse.ArgumentParser(description='Time the training step of a setting.')
    parser.add_argument('config', help='config file')
    parser.add_argument('--iterations', type=int, default=20, help='that count (20)')
    parser.add_argument('--warmup', type=int, default=5, help='iterations before those (5)')
    parser.add_argument('--amp', nargs='?', const='auto', choices=AMP, help=AMP_HELP)
    parser.add_argument(
        '--from-scratch', action='store_true', help='do not load what model.init names'
    )
    add_launch_arguments(parser)
    args = parser.parse_args(argv)
    with clear_errors(), tempfile.TemporaryDirectory() as scratch:
        cfg = prepare(load_config(args), args.iterations, args.warmup)
        if args.amp:
            use_amp(cfg, args.amp)
        if args.from_scratch:
            cfg.model.init = None
        work_dir, cfg.work_dir = cfg.work_dir, scratch
        report = measure(build_runner(cfg), args.iterations, args.warmup)
    table = Table(title=f'{args.config}, {args.iterations} iterations, medians')
    table.add_column('part')
    table.add_column('value', justify='right')
    for name, seconds in report['seconds'].items():
        table.add_row(name, f'{1000 * seconds:.1f} ms')
    table.add_row('images per second', f'{report["images_per_second"]:.2f}')
    where = 'device' if torch.cuda.is_available() else 'process'
    table.add_row(f'peak memory ({where})', f'{report["peak_memory_mib"]:.0f} MiB')
    Console().print(table)
    path = osp.join(work_dir, 'benchmark.json')
    dump(dict(report, config=args.config), path, file_format='json', indent=2)
    print(f'written to {path}')
    return report


if __name__ == '__main__':
    main()
