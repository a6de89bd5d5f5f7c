# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Processes whose batch norms learn apart are resumed each with its own."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from tests.utils.pair import train_two
from tests.utils.tiny import tiny_config


def config(coco: Path, work_dir: Path) -> Config:
    cfg = tiny_config(coco, work_dir, log_level='ERROR')
    cfg.experiment_name = work_dir.name
    cfg.model.task.backbone.norm_eval = False
    cfg.train_dataloader.batch_size = 1
    return cfg


def saved(folder: Path, epoch: int) -> dict[str, Any]:
    return torch.load(folder / f'epoch_{epoch}.pth', weights_only=False)


def test_two_processes_resume_bit_for_bit(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, resumed = tmp_path / 'whole', tmp_path / 'resumed'
    cfg = config(coco, resumed)
    cfg.resume, cfg.load_from = True, str(whole / 'epoch_1.pth')
    train_two([config(coco, whole), cfg], tmp_path, monkeypatch)

    one, two = saved(whole, 2), saved(resumed, 2)
    assert one['state_dict'].keys() == two['state_dict'].keys()
    for key, value in one['state_dict'].items():
        assert torch.equal(two['state_dict'][key], value), key
    # The other process's statistics: they are others, and they are equal, too.
    mine, theirs = one['rank_buffers'][1], two['rank_buffers'][1]
    assert mine.keys() == theirs.keys()
    assert 'task.backbone.layer2.0.bn1.running_mean' in mine
    for key, value in mine.items():
        assert torch.equal(theirs[key], value), key
        assert not torch.equal(one['state_dict'][key], value), key
    # The test can fail: they went on moving after the resumption.
    middle = saved(whole, 1)['rank_buffers'][1]
    assert any(not torch.equal(value, mine[key]) for key, value in middle.items())
    assert 'rank_buffers' not in one['meta']
