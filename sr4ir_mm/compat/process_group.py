# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How processes join."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sr4ir_mm.errors import ConfigError

# What a launcher tells each process, and what starts a run so; these must be whole numbers.
NUMBERS = {
    'pytorch': (('RANK', 'WORLD_SIZE', 'MASTER_PORT'), 'torchrun, as dist_train.sh does'),
    'slurm': (('SLURM_PROCID', 'SLURM_NTASKS'), 'srun, as slurm_train.sh does'),
    'mpi': (
        tuple(f'OMPI_COMM_WORLD_{name}' for name in ('LOCAL_RANK', 'SIZE', 'RANK')),
        'mpirun',
    ),
}
TEXTS = {'pytorch': ('MASTER_ADDR',), 'slurm': ('SLURM_NODELIST',), 'mpi': ('MASTER_ADDR',)}


def _check_environment(launcher: str) -> None:
    """Find out whether a launcher has told this process what it needs to know."""
    numbers, starter = NUMBERS[launcher]
    missing = sorted({*numbers, *TEXTS[launcher]} - os.environ.keys())
    if missing:
        raise ConfigError(
            f'--launcher {launcher} needs the environment variables {", ".join(missing)}: start '
            f'the run by {starter}.'
        )
    for name in numbers:
        if not os.environ[name].isdigit():
            raise ConfigError(f'{name}={os.environ[name]}: it must be a whole number.')


def ensure_process_group(launcher: str) -> None:
    """Join the processes by gloo on a machine without a GPU; with one, MMEngine does.

    MMEngine's ``--launcher pytorch`` calls ``torch.cuda.set_device``, which fails without a GPU,
    unless it finds that the processes are joined already. So call this before building a Runner.

    Args:
        launcher (str): The launcher of the run; only 'pytorch' is told its rank by ``torchrun``.

    Raises:
        ConfigError: A variable of the environment is missing, the launcher needs GPUs, or the
            processes cannot meet.
    """
    import torch
    from torch import distributed

    if launcher == 'none' or distributed.is_initialized():
        return
    _check_environment(launcher)
    if torch.cuda.is_available():
        return
    if launcher != 'pytorch':
        raise ConfigError(
            f'--launcher {launcher} gives each process a GPU, and there is none: use --launcher '
            'pytorch, which also works without.'
        )
    with joining():
        distributed.init_process_group('gloo')


# What PyTorch says of a port that is taken, the latter before 2.4.
IN_USE = ('EADDRINUSE', 'Address already in use')


@contextmanager
def joining() -> Iterator[None]:
    """Name the port where processes cannot meet because it is taken.

    Raises:
        ConfigError: It is.
    """
    try:
        yield
    except RuntimeError as error:
        if not any(reason in str(error) for reason in IN_USE):
            raise
        raise ConfigError(
            f'MASTER_PORT={os.environ.get("MASTER_PORT")} is in use: choose another one, which '
            'dist_train.sh takes as PORT=29501.'
        ) from error


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
