# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Two processes with half the batch each do what one with the whole batch does."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.pair import train_two
from tests.utils.tiny import tiny_config

NAMES = ('sr4ir/det_edsr_x4', 'joint/det_edsr_x4', 'sr4ir/seg_edsr_x4', 'sr4ir/cls_cars_edsr_x4')
METRICS = {'det': 'coco/bbox_mAP', 'seg': 'mIoU', 'cls': 'accuracy/top1'}


def config(name: str, data: Path, work_dir: Path, batch_size: int) -> Config:
    cfg = tiny_config(data, work_dir, name, train_cfg__val_interval=2)
    cfg.experiment_name = f'{name}_{work_dir.name}'.replace('/', '_')
    cfg.train_dataloader.batch_size = batch_size
    # What is random must be the same however the batch is divided.
    pipeline = cfg.train_dataloader.dataset.pipeline
    pipeline[:] = [transform for transform in pipeline if 'Random' not in transform.type]
    if 'det' not in name:  # images of one size that the scale divides, whatever the batch
        pipeline.insert(-1, dict(type='CenterCrop', crop_size=48))
    cfg.model.cqmix.prob = 1.0
    for net in cfg.optim_wrapper:
        if net != 'constructor':
            cfg.optim_wrapper[net].accumulative_counts = 2
    cfg.custom_hooks = [dict(type='TDPWarmupHook', begin=1)]
    cfg.default_hooks.visualization.draw = True
    cfg.default_hooks.dry_run = dict(type='DryRunHook')  # processes take part in it alike
    cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
    return cfg


def test_two_processes_equal_one(
    coco: Path, tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {name: coco if '/det' in name else tiny_data for name in NAMES}
    folders = {name: tmp_path / name.replace('/', '_') for name in NAMES}
    cfgs = [config(name, data[name], folders[name], 1) for name in NAMES]
    for name, pair in zip(NAMES, train_two(cfgs, tmp_path, monkeypatch), strict=True):
        alone = Runner.from_cfg(config(name, data[name], tmp_path / 'one', 2))
        alone.train()
        ours, theirs = pair.model.module.state_dict(), alone.model.state_dict()
        assert ours.keys() == theirs.keys()  # no name of a wrapper in a checkpoint
        for key, value in theirs.items():
            torch.testing.assert_close(ours[key], value, atol=1e-5, rtol=0, msg=f'{name}: {key}')
        # The test can fail: training moved the weights by more than the tolerance.
        start = Runner.from_cfg(config(name, data[name], tmp_path / 'start', 2)).model
        start.init_weights()
        moved = [
            (value - theirs[key]).abs().max() for key, value in start.state_dict().items()
            if value.is_floating_point()
        ]  # fmt: skip
        assert max(moved) > 1e-4
        assert any(folders[name].glob('*/vis_data/vis_image/val/**/*.png'))
        # Two processes evaluate what one evaluates.
        for key in ('val/PSNR', f'val/{METRICS[name.split("/")[1][:3]]}'):
            one, two = (run.message_hub.get_scalar(key).current() for run in (alone, pair))
            assert two == pytest.approx(one, abs=1e-4)
        saved = torch.load(folders[name] / 'epoch_2.pth', weights_only=False)['state_dict']
        assert saved.keys() == theirs.keys()
