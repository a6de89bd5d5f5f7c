# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""k + resume + k is bit-equal to 2k in one go."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.tiny import tiny_config


def config(loop: str, name: str, data: Path, work_dir: Path) -> Config:
    cfg = tiny_config(data, work_dir, name, val=False)
    cfg.experiment_name = work_dir.name
    # Four epochs of three batches, or twelve iterations; two batches a step, so that the
    # checkpoint in the middle falls between two steps when it comes after nine iterations.
    for net in ('sr', 'task'):
        cfg.optim_wrapper[net].accumulative_counts = 2
        cfg.param_scheduler[net] = [
            dict(type='LinearLR', start_factor=0.5, by_epoch=False, begin=0, end=4),
            dict(type='CosineRestartLR', periods=[4, 8], restart_weights=[1, 1], eta_min=1e-6,
                 by_epoch=False, begin=0, end=12),
        ]  # fmt: skip
    cfg.optim_wrapper.task.clip_grad = dict(max_norm=1.0)
    if loop == 'epoch':
        cfg.train_cfg.max_epochs = 4
    else:
        cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=12, val_interval=100)
        cfg.train_dataloader.sampler = dict(type='InfiniteSampler', shuffle=True)
        cfg.train_dataloader.pop('batch_sampler', None)
        cfg.default_hooks.checkpoint.update(by_epoch=False, interval=9)
        cfg.custom_hooks[0].begin = 3
    return cfg


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    return bool(a == b)


@pytest.mark.parametrize(
    ('loop', 'middle', 'name'),
    [
        pytest.param('epoch', 'epoch_3.pth', 'sr4ir/det_edsr_x4', marks=pytest.mark.quick),
        ('iter', 'iter_9.pth', 'sr4ir/det_edsr_x4'),
        ('epoch', 'epoch_3.pth', 'sr4ir/seg_edsr_x4'),
        ('epoch', 'epoch_3.pth', 'sr4ir/cls_cars_edsr_x4'),
    ],
)
def test_resumed_training_is_bit_equal(
    loop: str, middle: str, name: str, coco: Path, tiny_data: Path, tmp_path: Path
) -> None:
    data = coco if 'det' in name else tiny_data
    whole = Runner.from_cfg(config(loop, name, data, tmp_path / 'whole'))
    whole.train()

    cfg = config(loop, name, data, tmp_path / 'resumed')
    cfg.resume = True
    cfg.load_from = str(tmp_path / 'whole' / middle)
    resumed = Runner.from_cfg(cfg)
    resumed.train()

    assert resumed.iter == whole.iter == 12
    assert equal(resumed.model.state_dict(), whole.model.state_dict())
    assert equal(resumed.optim_wrapper.state_dict(), whole.optim_wrapper.state_dict())
    for net in ('sr', 'task'):
        for ours, theirs in zip(
            resumed.param_schedulers[net], whole.param_schedulers[net], strict=True
        ):
            assert equal(ours.state_dict(), theirs.state_dict())
    # The test can fail: the middle is not the end.
    saved = torch.load(tmp_path / 'whole' / middle, weights_only=False)
    assert not equal(saved['state_dict'], dict(whole.model.state_dict()))
    assert saved['pending_gradients'].keys() == {'sr', 'task'}
