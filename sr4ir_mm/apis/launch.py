# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From a command line to a runner; shared by the tools."""

import os
from argparse import ArgumentParser, Namespace

import torch
from mmengine.config import Config
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from sr4ir_mm.compat import ensure_process_group, joining
from sr4ir_mm.utils.files import check_folder
from sr4ir_mm.utils.layout import default_work_dir

from .arguments import CfgOptions, output_folder
from .check_config import check_config, check_sections
from .edit_config import drop_hooks, pin_memory
from .find_config import find_config
from .task_config import check_annotations


def add_launch_arguments(parser: ArgumentParser) -> None:
    """Add the options that OpenMMLab's tools share."""
    parser.add_argument('--work-dir', type=output_folder, help='folder of logs and checkpoints')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=CfgOptions,
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
        ConfigError: There is no such file, or it cannot be used; see :func:`read_config`.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    cfg = find_config(args.config, args.cfg_options)
    check_sections(cfg)
    cfg.launcher = args.launcher
    if args.work_dir is not None:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        cfg.work_dir = default_work_dir(cfg.filename)
    check_folder(cfg.work_dir, 'The work dir')
    if not torch.cuda.is_available():
        # DDP on CPUs takes no device ids, and MMEngine's default is the local rank.
        if 'model_wrapper_cfg' in cfg:
            cfg.model_wrapper_cfg.device_ids = None
        if cfg.pop('sync_bn', None) and args.launcher != 'none':
            print('Without GPUs there is no sync_bn: each process has batch statistics of its own.')
    ensure_process_group(args.launcher)
    return cfg


def build_runner(cfg: Config) -> Runner:
    """Build the config's runner, of ``runner_type`` if it names one.

    Raises:
        ConfigError: The config has a key that nobody reads, or a value that cannot be used.
    """
    check_config(cfg)
    check_annotations(cfg)
    drop_hooks(cfg)
    pin_memory(cfg)
    with joining():
        return RUNNERS.build(cfg) if 'runner_type' in cfg else Runner.from_cfg(cfg)
