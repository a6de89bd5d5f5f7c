# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The command lines that train and test a run."""

import os
import os.path as osp
from dataclasses import dataclass
from pathlib import Path

from sr4ir_mm.utils.layout import default_work_dir
from tables.result import show_path
from tables.runs import Run

TOOLS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Launcher:
    """How runs are started.

    Args:
        name (str): 'none', 'pytorch' or 'slurm'.
        gpus (int, optional): Processes of a run. Defaults to as many as its config is made for.
    """

    name: str
    gpus: int | None = None

    def processes(self, run: Run) -> tuple[int, str]:
        """Give the number of processes, and a warning if their batch is not the config's."""
        base = run.cfg.get('auto_scale_lr', {}).get('base_batch_size')
        batch = run.cfg.train_dataloader.get('batch_size')
        meant = max(1, base // batch) if base and batch else 1
        gpus = 1 if self.name == 'none' else self.gpus or meant
        if not base or not batch or gpus * batch == base:
            return gpus, ''
        return gpus, (
            f'warning: {run.name}: {gpus} x batch_size {batch} = {gpus * batch}, but the learning '
            f'rates are made for {base}. It takes {meant} processes (--launcher, --gpus), or '
            'another train_dataloader.batch_size.'
        )

    def command(self, run: Run, todo: str, checkpoint: str = '') -> list[str]:
        """Make the command that trains a run, or goes on with it, or tests its checkpoint.

        Args:
            run (Run): The run.
            todo (str): 'train' or 'test'.
            checkpoint (str): What to test. Defaults to ''.
        """
        words = [run.config] if todo == 'train' else [run.config, checkpoint]
        work_dir = ['--work-dir', run.work_dir]
        default = default_work_dir(run.config)
        if osp.normpath(run.work_dir) == default and run.cfg.get('work_dir') is None:
            work_dir = []
        options = ['--resume'] if todo == 'train' else []
        if run.without[todo]:
            options += ['--without', *run.without[todo]]
        if run.options:
            options = [*options, '--cfg-options', *run.options]
        if self.name == 'none':
            return ['python', show_path(TOOLS / f'{todo}.py'), *words, *work_dir, *options]
        gpus = self.processes(run)[0]
        if self.name == 'pytorch':
            script = show_path(TOOLS / f'dist_{todo}.sh')
            return [script, *words, str(gpus), *work_dir, *options]
        if todo == 'train':  # slurm_train.sh takes it by position
            words, work_dir = [*words, run.work_dir], []
        node = os.environ.get('GPUS_PER_NODE', min(gpus, 8))
        script = show_path(TOOLS / f'slurm_{todo}.sh')
        head = [f'GPUS={gpus}', f'GPUS_PER_NODE={node}', script, os.environ['PARTITION'], run.name]
        return [*head, *words, *work_dir, *options]
