# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Processes without GPUs, joined by gloo."""

import os

from sr4ir_mm.errors import ConfigError


def ensure_process_group(launcher: str) -> None:
    """Join the processes by gloo on a machine without a GPU; does nothing on one with a GPU.

    MMEngine's ``--launcher pytorch`` calls ``torch.cuda.set_device``, which fails without a GPU,
    unless it finds that the processes are joined already. So call this before building a Runner.

    Args:
        launcher (str): The launcher of the run; only 'pytorch' is told its rank by ``torchrun``.

    Raises:
        ConfigError: The process was not started by ``torchrun``.
    """
    import torch
    from torch import distributed

    if launcher != 'pytorch' or torch.cuda.is_available() or distributed.is_initialized():
        return
    missing = {'RANK', 'WORLD_SIZE', 'MASTER_ADDR', 'MASTER_PORT'} - os.environ.keys()
    if missing:
        raise ConfigError(
            f'--launcher pytorch needs the environment variables {", ".join(sorted(missing))}: '
            'start the run by torchrun, as dist_train.sh does.'
        )
    distributed.init_process_group('gloo')


def leave_process_group(code: int = 0) -> None:
    """End a process that worked in a gloo group, with an exit code; do nothing without one.

    gloo's threads now and then abort Python while it winds up (torch 2.11: "terminate called
    without an active exception", exit code -6), and the launcher then calls a finished run failed.
    So when all is written, such a process ends at once.
    """
    import sys

    import torch.distributed as dist

    if not dist.is_available() or not dist.is_initialized():
        return
    gloo = dist.get_backend() == 'gloo'
    dist.destroy_process_group()
    if gloo:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
