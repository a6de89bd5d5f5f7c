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


def test_launcher_without_torchrun_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.delenv('RANK', raising=False)
    with pytest.raises(ConfigError, match=r'RANK.*by torchrun'):
        compat.ensure_process_group('pytorch')
