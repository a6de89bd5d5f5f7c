# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Processes without GPUs join by gloo."""

import os
import socket
from pathlib import Path

import pytest
import torch

from sr4ir_mm import compat
from sr4ir_mm.errors import ConfigError
from tests.utils.processes import run_python

pytestmark = pytest.mark.quick


GROUP = """
import torch
torch.cuda.is_available = lambda: False
from sr4ir_mm.compat import ensure_process_group
from torch import distributed
for launcher in ('none', 'pytorch', 'pytorch'):
    ensure_process_group(launcher)
    print(distributed.get_backend() if distributed.is_initialized() else 'alone')
"""


def test_processes_without_gpus_join_by_gloo(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    env = dict(os.environ, RANK='0', WORLD_SIZE='1', MASTER_ADDR='127.0.0.1', MASTER_PORT=port)
    done = run_python(GROUP, tmp_path, **env)
    assert done.stdout.split() == ['alone', 'gloo', 'gloo'], done.stderr


@pytest.mark.parametrize(
    ('launcher', 'variables', 'message'),
    [
        ('pytorch', {}, 'needs .* MASTER_ADDR, MASTER_PORT, RANK, WORLD_SIZE: .* by torchrun'),
        ('pytorch', dict(WORLD_SIZE='2'), 'needs .* MASTER_ADDR, MASTER_PORT, RANK: start'),
        (
            'pytorch',
            dict(WORLD_SIZE='x', RANK='0', MASTER_ADDR='127.0.0.1', MASTER_PORT='1'),
            'WORLD_SIZE=x: it must be a whole number',
        ),
        ('slurm', {}, 'needs .* SLURM_NODELIST, SLURM_NTASKS, SLURM_PROCID: start .* by srun'),
        (
            'slurm',
            dict(SLURM_PROCID='0', SLURM_NTASKS='1', SLURM_NODELIST='a'),
            'slurm gives each process a GPU, and there is none',
        ),
        ('mpi', {}, 'needs .* OMPI_COMM_WORLD_SIZE: start the run by mpirun'),
    ],
)
def test_what_a_launcher_does_not_tell(
    monkeypatch: pytest.MonkeyPatch, launcher: str, variables: dict[str, str], message: str
) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    for name in ('RANK', 'WORLD_SIZE', 'MASTER_ADDR', 'MASTER_PORT'):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=message):
        compat.ensure_process_group(launcher)


def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    # PyTorch counts groups that failed, too; a later one of this process would wait for no one.
    monkeypatch.setattr(torch.distributed.distributed_c10d, '_group_count', 0)
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for name, value in dict(RANK='0', WORLD_SIZE='1', MASTER_ADDR='127.0.0.1').items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv('MASTER_PORT', port)
        with pytest.raises(ConfigError, match=f'MASTER_PORT={port} is in use'):
            compat.ensure_process_group('pytorch')
