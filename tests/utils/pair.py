# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train as two gloo processes, the first of which is this one."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch.distributed as dist
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.run_rank import run
from tests.utils.tiny import ROOT


def train_two(
    cfgs: Sequence[Config], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Runner]:
    """Train configs, one after the other, with the same two processes.

    Args:
        cfgs (Sequence[Config]): Each with the batch size of one process and a work dir of its own.
        folder (Path): Where the configs are written for the other process.
        monkeypatch (pytest.MonkeyPatch): For the environment.
    """
    paths = [str(folder / f'two_{index}.py') for index in range(len(cfgs))]
    for cfg, path in zip(cfgs, paths, strict=True):
        cfg.dump(path)
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    common = dict(WORLD_SIZE='2', MASTER_ADDR='127.0.0.1', MASTER_PORT=str(port))
    env = {**os.environ, **common, 'RANK': '1', 'LOCAL_RANK': '1', 'OMP_NUM_THREADS': '1'}
    other = subprocess.Popen(
        [sys.executable, str(ROOT / 'tests' / 'utils' / 'run_rank.py'), *paths], env=env
    )
    for key, value in {**common, 'RANK': '0', 'LOCAL_RANK': '0'}.items():
        monkeypatch.setenv(key, value)
    try:
        runners = [run(path) for path in paths]
    finally:
        dist.destroy_process_group()
    assert other.wait(timeout=60) == 0
    return runners
