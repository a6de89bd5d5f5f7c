# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The configs of docs/performance.md, each measured in a process of its own."""

import json
import os
import os.path as osp
import platform
import shlex
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Any, NamedTuple

import torch
from mmengine.fileio import dump

from sr4ir_mm.errors import ConfigError

ROOT = osp.dirname(osp.dirname(osp.dirname(osp.abspath(__file__))))
SCRIPT = osp.join(osp.dirname(osp.abspath(__file__)), 'benchmark.py')
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
    'cls_cars_swinir_x4': (16,),  # 128 take more than 139 GiB
    'seg_edsr_x8': (16, 2),
    'seg_swinir_x4': (16, 2),
    'det_edsr_x4': (16, 2),
}
COLUMNS = (
    'config', 'batch', 'switches', 'ratio',
    'images/s', 'operations', 'memory, MiB', 'share of peak',
)  # fmt: skip
"""Each of the last four is the plain step's and ours."""


def _cpu(*names: str) -> str:
    """Give what Linux says of the first CPU under one of these names; '' if nothing."""
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            pairs = [line.partition(':')[::2] for line in file]
    except OSError:
        pairs = []
    return next((value.strip() for name, value in pairs if name.strip() in names), '')


def has_bf16() -> bool:
    """Tell whether the device computes in bf16; a CPU that does not takes many times as long."""
    flags = _cpu('flags', 'Features').split()
    return torch.cuda.is_available() or bool({'avx512_bf16', 'amx_bf16', 'bf16'} & set(flags))


def describe_machine() -> dict[str, Any]:
    """Say on what the figures were measured."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return dict(
        gpu=gpu,
        cpu=_cpu('model name') or platform.processor(),
        threads=torch.get_num_threads(),
        capability=torch.backends.cpu.get_cpu_capability(),
        torch=torch.__version__,
    )


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

    @property
    def name(self) -> str:
        """str: Of its work dir."""
        return f'{self.config}_{self.batch}_{self.switches}'

    def command(self, args: Namespace, work_dir: str) -> list[str]:
        """Give the arguments of the benchmark."""
        return [
            osp.relpath(osp.join(ROOT, 'configs', 'sr4ir', f'{self.config}.py')),
            '--against', 'plain', '--batch-size', str(self.batch),
            '--iterations', str(args.iterations), '--warmup', str(args.warmup),
            '--work-dir', osp.join(work_dir, self.name), *SWITCHES[self.switches],
        ]  # fmt: skip


def list_jobs(patterns: Sequence[str] | None = None) -> list[Job]:
    """List what is measured on this machine.

    Args:
        patterns (Sequence[str], optional): Names of rows, with ``*`` for anything. Defaults to
            None: all, but for bf16 where the CPU does not compute in it.

    Raises:
        ConfigError: There is no row for one of these names.
    """
    gpu = torch.cuda.is_available()
    jobs = [
        Job(config, batch, switches)
        for config, batches in (ON_GPU if gpu else ON_CPU).items()
        for batch in batches
        for switches in (SWITCHES if gpu else WITHOUT_GPU)
    ]
    if not patterns:
        return [job for job in jobs if has_bf16() or 'bf16' not in job.switches]
    for pattern in patterns:
        if not any(fnmatch(job.name, pattern) for job in jobs):
            names = ', '.join(job.name for job in jobs)
            raise ConfigError(f'--rows {pattern}: none of the rows {names}.')
    return [job for job in jobs if any(fnmatch(job.name, pattern) for pattern in patterns)]


def run_suite(args: Namespace) -> dict[str, Any]:
    """Measure all, print a table in Markdown, and write ``suite.json``.

    A row that fails, as for want of memory, or takes too long says so, and the others follow.

    Args:
        args (Namespace): Of the benchmark; ``dry_run`` only prints the commands.

    Returns:
        dict[str, Any]: ``machine`` and ``rows``.
    """
    work_dir = args.work_dir or 'work_dirs/benchmark'
    jobs, begin = list_jobs(args.rows), time.monotonic()
    path = osp.join(work_dir, 'suite.json')
    rows: list[dict[str, Any]] = []
    report = dict(machine=describe_machine(), rows=rows)
    for index, job in enumerate(jobs):
        command, left = job.command(args, work_dir), ''
        if rows:
            minutes = (time.monotonic() - begin) / index * (len(jobs) - index) / 60
            left = f', about {minutes:.0f} min left'
        shown = shlex.join(['python', osp.relpath(SCRIPT), *command])
        print(f'[{index + 1}/{len(jobs)}{left}] {shown}')
        sys.stdout.flush()
        if not args.dry_run:
            rows.append(_measure(job, command, work_dir, args.minutes))
            dump(report, path, file_format='json', indent=2)
    if args.dry_run:
        return report
    print(f'| {" | ".join(COLUMNS)} |\n|{"---|" * len(COLUMNS)}')
    for row in rows:
        print(f'| {" | ".join(_cells(row))} |')
    print(f'written to {path}')
    return report


def _measure(job: Job, command: list[str], work_dir: str, minutes: int) -> dict[str, Any]:
    row = job._asdict()
    path = osp.join(work_dir, job.name, 'benchmark.json')
    error = _run([sys.executable, SCRIPT, *command], minutes)
    if error:
        return dict(row, error=error)
    with open(path, encoding='utf-8') as file:
        return json.load(file) | row


def _run(command: list[str], minutes: float) -> str:
    """Run a command and say how it failed, '' if it did not."""
    # In a session of its own, so that what it started itself ends with it.
    process = subprocess.Popen(command, start_new_session=True)
    try:
        code = process.wait(60 * minutes)
    except subprocess.TimeoutExpired:
        return f'more than {minutes} min'
    finally:
        if process.returncode is None:
            if hasattr(os, 'killpg'):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
    return f'exit code {code}' if code else ''


def _cells(row: dict) -> list[str]:
    head = [row['config'], str(row['batch']), row['switches']]
    if 'error' in row:
        return [*head, row['error'], *['-'] * (len(COLUMNS) - len(head) - 1)]

    def both(name: str, form: str, unit: float = 1) -> str:
        return ' / '.join(format(row[step][name] / unit, form) for step in ('plain', 'ours'))

    return [
        *head,
        f'{row["ratio"]:.2f}',
        both('images_per_second', '.2f'),
        both('operations', '.0f'),
        both('peak_memory', '.0f', 2**20),
        both('share_of_peak', '.0%'),
    ]
