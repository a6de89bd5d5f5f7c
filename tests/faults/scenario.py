# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is trained, and whether two trainings ended alike."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config

from sr4ir_mm.checkpoints import read_checkpoint
from tests.utils.tiny import tiny_config

CLOCK = ('time', 'memory')
"""Log entries, by a part of their names, that differ from run to run by nature."""


@dataclass(frozen=True)
class Scenario:
    """A kind of run.

    Args:
        loop (str): 'epoch' or 'iter'.
        workers (int): Processes that load data, for each that trains.
        processes (int): Processes that train.
    """

    loop: str
    workers: int
    processes: int

    @property
    def name(self) -> str:
        """str: For tables and folders."""
        return f'{self.loop}-workers{self.workers}-processes{self.processes}'

    @property
    def last(self) -> str:
        """str: The last checkpoint."""
        return 'epoch_4.pth' if self.loop == 'epoch' else 'iter_12.pth'

    def write_config(self, data: Path, folder: Path) -> Path:
        """Write a tiny config of SR4IR, validated and saved four times; two checkpoints are kept.

        Batch norm learns its statistics, apart in each process; transforms and CQMix draw random
        numbers; the TDP loss begins after a warm-up; by epochs a learning rate follows a metric.
        PSNR grows: the last validation is the best by epochs, the first one by iterations.
        """
        cfg = tiny_config(data, folder / self.name, log_level='INFO')
        cfg.pop('work_dir')
        cfg.experiment_name = self.name
        cfg.train_cfg.update(max_epochs=4, val_interval=1)
        cfg.train_dataloader.batch_size = 2 // self.processes
        cfg.model.task.backbone.norm_eval = False
        cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
        cfg.val_evaluator = cfg.test_evaluator = dict(type='PSNR')
        rule = 'greater' if self.loop == 'epoch' else 'less'
        cfg.default_hooks.checkpoint.update(max_keep_ckpts=2, save_best='PSNR', rule=rule)
        cfg.default_hooks.dry_run = dict(type='DryRunHook')
        if self.workers:
            init = dict(type='sr4ir_mm.seed_worker')
            cfg.train_dataloader.update(num_workers=self.workers, worker_init_fn=init)
        if self.loop == 'epoch':
            plateau = dict(type='ReduceOnPlateauLR', monitor='PSNR', rule='greater', patience=0)
            cfg.param_scheduler.sr = [dict(plateau, threshold=1e6)]
        else:
            cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=12, val_interval=3)
            cfg.train_dataloader.sampler = dict(type='InfiniteSampler', shuffle=True)
            cfg.train_dataloader.pop('batch_sampler', None)
            cfg.default_hooks.checkpoint.update(by_epoch=False, interval=3)
            cfg.custom_hooks[0].begin = 5
        path = folder / f'{self.name}.py'
        Config(cfg.to_dict()).dump(path)
        return path


SCENARIOS = [
    Scenario('epoch', 0, 1),
    Scenario('epoch', 2, 1),
    Scenario('iter', 0, 1),
    Scenario('iter', 2, 1),
    Scenario('epoch', 0, 2),
    Scenario('iter', 2, 2),
]


def end_of(work_dir: Path, last: str) -> dict[str, Any]:
    """Read all that a run leaves and that no interruption may change.

    Args:
        work_dir (Path): The run's folder.
        last (str): Its last checkpoint.
    """
    content = read_checkpoint(work_dir / last)
    hub = content['message_hub']
    newest = max(work_dir.glob('best_*.pth'), key=lambda path: int(path.stem.rpartition('_')[2]))
    return {
        'weights': content['state_dict'],
        'optimizer': content['optimizer'],
        'schedulers': content['param_schedulers'],
        'statistics of each process': content.get('rank_buffers', {}),
        'gradients': content['pending_gradients'],
        'done': {key: content['meta'][key] for key in ('epoch', 'iter', 'validation_due')},
        'log': {
            key: buffer.data[0].tolist()
            for key, buffer in hub['log_scalars'].items()
            if not any(part in key for part in CLOCK)
        },
        'best score': hub['runtime_info']['best_score'],
        'best': {newest.name: read_checkpoint(newest)['state_dict']},
    }


def differences(ours: Any, theirs: Any, where: str = '') -> list[str]:
    """Name what is not equal, bit for bit.

    Args:
        ours (Any): Of :func:`end_of`.
        theirs (Any): Likewise.
        where (str): What comes before the names. Defaults to ''.
    """
    if isinstance(theirs, dict):
        if not isinstance(ours, dict) or ours.keys() != theirs.keys():
            return [where]
        items = [(ours[key], value, f'{where}/{key}') for key, value in theirs.items()]
    elif isinstance(theirs, (list, tuple)):
        if len(ours) != len(theirs):
            return [where]
        items = [
            (one, two, f'{where}/{index}')
            for index, (one, two) in enumerate(zip(ours, theirs, strict=True))
        ]
    else:
        same = torch.equal(ours, theirs) if isinstance(theirs, torch.Tensor) else ours == theirs
        return [] if same else [where]
    return [name for item in items for name in differences(*item)]
