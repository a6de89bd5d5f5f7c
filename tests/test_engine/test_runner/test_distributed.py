# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Two processes with half the batch each do what one with the whole batch does."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from mmengine.config import Config
from mmengine.runner import Runner
from run_rank import run
from tiny import ROOT, tiny_config


def config(name: str, coco: Path, work_dir: Path, batch_size: int) -> Config:
    cfg = tiny_config(coco, work_dir, name, log_level='ERROR', train_cfg__val_interval=2)
    cfg.experiment_name = work_dir.name
    cfg.train_dataloader.batch_size = batch_size
    # What is random must be the same however the batch is divided.
    cfg.train_dataloader.dataset.pipeline[2].prob = 0.0
    cfg.model.cqmix.prob = 1.0
    for net in cfg.optim_wrapper:
        if net != 'constructor':
            cfg.optim_wrapper[net].accumulative_counts = 2
    cfg.custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
    cfg.default_hooks.visualization.draw = True
    return cfg


@pytest.mark.parametrize('name', ['sr4ir/det_edsr_x4', 'joint/det_edsr_x4'])
def test_two_processes_equal_one(
    name: str, coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Runner.from_cfg(config(name, coco, tmp_path / 'one', 2))
    alone.train()

    cfg = config(name, coco, tmp_path / 'two', 1)
    cfg.dump(tmp_path / 'two.py')
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    common = dict(WORLD_SIZE='2', MASTER_ADDR='127.0.0.1', MASTER_PORT=str(port))
    env = {**os.environ, **common, 'RANK': '1', 'LOCAL_RANK': '1', 'OMP_NUM_THREADS': '1'}
    script = ROOT / 'tests' / 'run_rank.py'
    other = subprocess.Popen([sys.executable, str(script), str(tmp_path / 'two.py')], env=env)
    for key, value in {**common, 'RANK': '0', 'LOCAL_RANK': '0'}.items():
        monkeypatch.setenv(key, value)
    try:
        pair = run(str(tmp_path / 'two.py'))
    finally:
        dist.destroy_process_group()
    assert other.wait(timeout=60) == 0

    ours, theirs = pair.model.module.state_dict(), alone.model.state_dict()
    assert ours.keys() == theirs.keys()  # no name of a wrapper in a checkpoint
    for key, value in theirs.items():
        torch.testing.assert_close(ours[key], value, atol=1e-5, rtol=0, msg=key)
    # The test can fail: training moved the weights by more than the tolerance.
    start = Runner.from_cfg(config(name, coco, tmp_path / 'start', 2)).model
    start.init_weights()
    moved = [
        (value - theirs[key]).abs().max() for key, value in start.state_dict().items()
        if value.is_floating_point()
    ]  # fmt: skip
    assert max(moved) > 1e-4
    assert list((tmp_path / 'two').glob('*/pictures/*.png'))
    # Two processes evaluate what one evaluates.
    for key in ('val/PSNR', 'val/coco/bbox_mAP'):
        one, two = (run.message_hub.get_scalar(key).current() for run in (alone, pair))
        assert two == pytest.approx(one, abs=1e-4)
    saved = torch.load(tmp_path / 'two' / 'epoch_2.pth', weights_only=False)['state_dict']
    assert saved.keys() == theirs.keys()
