# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The configs of docs/performance.md, each measured in a process of its own."""

import json
import os.path as osp
import platform
import shlex
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from mmengine.fileio import dump

ROOT = osp.dirname(osp.dirname(osp.dirname(osp.abspath(__file__))))
SCRIPT = osp.join(osp.dirname(osp.abspath(__file__)), 'benchmark.py')
MARK = 'benchmark: '
"""What the line with a process's result begins with."""
SWITCHES = dict(
    default=(),
    fast=('--fast',),
    fast_tf32=('--fast', '--cfg-options', 'default_hooks.tf32.type=TF32Hook'),
    fast_bf16=('--fast', '--amp', 'bf16'),
    fast_bf16_compiled=('--fast', '--amp', 'bf16', '--compile'),
)
WITHOUT_GPU = ('default', 'fast', 'fast_bf16')
# Config below configs/sr4ir, batch sizes.
ON_CPU = {
    'cls_cars_edsr_x4': (4,),
    'cls_cars_edsr_x8': (4,),
    'cls_cars_swinir_x4': (2,),
    'seg_edsr_x8': (2,),
    'det_edsr_x4': (2,),
}
ON_GPU = {
    'cls_cars_edsr_x4': (128,),
    'cls_cars_swinir_x4': (128,),
    'seg_edsr_x8': (16, 2),
    'seg_swinir_x4': (16, 2),
    'det_edsr_x4': (16, 2),
}
COLUMNS = ('config', 'batch', 'switches', 'ratio', 'plain img/s', 'ours img/s', 'memory', 'peak')


def describe_machine() -> dict[str, Any]:
    """Say on what the figures were measured."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            names = [line.split(': ')[1].strip() for line in file if line.startswith('model name')]
    except OSError:
        names = []
    return dict(
        gpu=gpu,
        cpu=names[0] if names else platform.processor(),
        threads=torch.get_num_threads(),
        capability=torch.backends.cpu.get_cpu_capability(),
        torch=torch.__version__,
    )


def in_its_own_process(argv: Sequence[str]) -> Any:
    """Run the benchmark with these arguments and take the result that it prints.

    Raises:
        SystemExit: It failed; its own message has been printed.
    """
    run = subprocess.run([sys.executable, SCRIPT, *argv], stdout=subprocess.PIPE, text=True)
    if run.returncode:
        raise SystemExit(f'{shlex.join(argv)} ended with exit code {run.returncode}.')
    line = next(line for line in run.stdout.splitlines() if line.startswith(MARK))
    return json.loads(line.removeprefix(MARK))


class Job(NamedTuple):
    """A row of the table.

    Args:
        config (str): Below ``configs/sr4ir``.
        batch (int): Images in a batch.
        switches (str): A key of ``SWITCHES``.
    """

    config: str
    batch: int
    switches: str

    def folder(self, work_dir: str) -> str:
        """Give its own work dir."""
        return osp.join(work_dir, f'{self.config}_{self.batch}_{self.switches}')

    def command(self, args: Namespace, work_dir: str) -> list[str]:
        """Give the arguments of the benchmark."""
        return [
            osp.relpath(osp.join(ROOT, 'configs', 'sr4ir', f'{self.config}.py')),
            '--against', 'plain', '--batch-size', str(self.batch),
            '--iterations', str(args.iterations), '--warmup', str(args.warmup),
            '--work-dir', self.folder(work_dir), *SWITCHES[self.switches],
        ]  # fmt: skip


def list_jobs() -> list[Job]:
    """List what is measured on this machine."""
    gpu = torch.cuda.is_available()
    return [
        Job(config, batch, switches)
        for config, batches in (ON_GPU if gpu else ON_CPU).items()
        for batch in batches
        for switches in (SWITCHES if gpu else WITHOUT_GPU)
    ]


def run_suite(args: Namespace) -> dict[str, Any]:
    """Measure all, print a table in Markdown, and write ``suite.json``.

    A row that fails, as for want of memory, says so, and the others follow.

    Args:
        args (Namespace): Of the benchmark; ``dry_run`` only prints the commands.

    Returns:
        dict[str, Any]: ``machine`` and ``rows``.
    """
    work_dir = args.work_dir or 'work_dirs/benchmark'
    jobs, begin = list_jobs(), time.monotonic()
    rows: list[dict[str, Any]] = []
    for index, job in enumerate(jobs):
        command, left = job.command(args, work_dir), ''
        if rows:
            minutes = (time.monotonic() - begin) / index * (len(jobs) - index) / 60
            left = f', about {minutes:.0f} min left'
        shown = shlex.join(['python', osp.relpath(SCRIPT), *command])
        print(f'[{index + 1}/{len(jobs)}{left}] {shown}')
        sys.stdout.flush()
        if not args.dry_run:
            rows.append(_measure(job, command, work_dir))
    report = dict(machine=describe_machine(), rows=rows)
    if args.dry_run:
        return report
    path = osp.join(work_dir, 'suite.json')
    dump(report, path, file_format='json', indent=2)
    print(f'| {" | ".join(COLUMNS)} |\n|{"---|" * len(COLUMNS)}')
    for row in rows:
        print(f'| {" | ".join(_cells(row))} |')
    print(f'written to {path}')
    return report


def _measure(job: Job, command: list[str], work_dir: str) -> dict[str, Any]:
    row = job._asdict()
    run = subprocess.run([sys.executable, SCRIPT, *command])
    if run.returncode:
        return dict(row, error=f'exit code {run.returncode}')
    with open(osp.join(job.folder(work_dir), 'benchmark.json'), encoding='utf-8') as file:
        return json.load(file) | row


def _cells(row: dict) -> list[str]:
    head = [row['config'], str(row['batch']), row['switches']]
    if 'error' in row:
        return [*head, row['error'], *['-'] * (len(COLUMNS) - len(head) - 1)]
    plain, ours = row['plain'], row['ours']
    return [
        *head,
        f'{row["ratio"]:.2f}',
        f'{plain["images_per_second"]:.2f}',
        f'{ours["images_per_second"]:.2f}',
        f'{row["memory_ratio"]:.2f}',
        f'{ours["share_of_peak"]:.0%}',
    ]
