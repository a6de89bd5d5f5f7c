# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From a command line to a runner; shared by the tools."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.config import Config, DictAction
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from sr4ir_mm.compat import ensure_process_group, leave_process_group
from sr4ir_mm.errors import SR4IRError
from sr4ir_mm.utils.layout import default_work_dir

from .edit_config import drop_hooks
from .find_config import find_config


def add_launch_arguments(parser: ArgumentParser) -> None:
    """Add the options that OpenMMLab's tools share."""
    parser.add_argument('--work-dir', help='folder of logs and checkpoints')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override config values: model.scale=8 phases.0.losses.tdp.sr=0.5 ...',
    )
    parser.add_argument('--launcher', choices=['none', 'pytorch', 'slurm', 'mpi'], default='none')
    # torch.distributed.launch writes one, older versions the other.
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def load_config(args: Namespace) -> Config:
    """Read a config, apply the shared options, and prepare the process group.

    Args:
        args (Namespace): ``config``, a file or the name of one of ours, and what
            :func:`add_launch_arguments` adds.

    Returns:
        Config: With ``work_dir`` and ``launcher``. The default work dir mirrors the config's
            place: of ``configs/sr4ir/det_edsr_x4.py`` it is ``work_dirs/sr4ir/det_edsr_x4``.

    Raises:
        ConfigError: There is no such file.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    cfg = find_config(args.config)
    cfg.launcher = args.launcher
    if args.cfg_options is not None:
        cfg.merge_from_dict(args.cfg_options)
    if args.work_dir is not None:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = default_work_dir(cfg.filename)
    if not torch.cuda.is_available():
        # DDP on CPUs takes no device ids, and MMEngine's default is the local rank.
        if 'model_wrapper_cfg' in cfg:
            cfg.model_wrapper_cfg.device_ids = None
        if cfg.pop('sync_bn', None) and args.launcher != 'none':
            print('Without GPUs there is no sync_bn: each process has batch statistics of its own.')
        ensure_process_group(args.launcher)
    return cfg


def build_runner(cfg: Config) -> Runner:
    """Build the config's runner, of ``runner_type`` if it names one."""
    drop_hooks(cfg)
    if 'runner_type' in cfg:
        return RUNNERS.build(cfg)
    return Runner.from_cfg(cfg)


@contextmanager
def clear_errors() -> Iterator[None]:
    """End the program with one message and exit code 1 where the user can mend the error.

    Errors of the program itself keep their traceback. A process of a group is over when this is.
    """
    try:
        yield
    except (SR4IRError, FileNotFoundError) as error:
        # An error of a data loading process carries its traceback before the message.
        message = str(error).strip().rpartition(f'{type(error).__name__}: ')[2]
        print(f'\nerror: {message}', file=sys.stderr, flush=True)
        if os.environ.get('SR4IR_TRACEBACK'):
            raise
        raise SystemExit(1) from None
    leave_process_group()
