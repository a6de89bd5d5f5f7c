# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One net is averaged, tested and saved so; training goes on with its own weights."""

from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.tiny import tiny_config


def config(coco: Path, work_dir: Path, momentum: float = 0.3) -> Config:
    cfg = tiny_config(coco, work_dir)
    cfg.experiment_name = work_dir.name
    cfg.custom_hooks = [dict(type='NetEMAHook', net='sr', momentum=momentum)]
    return cfg


def test_average_is_what_is_saved(coco: Path, tmp_path: Path) -> None:
    cfg = config(coco, tmp_path / 'run')
    runner = Runner.from_cfg(cfg)
    seen = []
    loop = runner.train_loop
    alternate = loop.alternate

    def spy(batch: dict) -> dict:
        log = alternate(batch)
        seen.append({k: v.clone() for k, v in runner.model.sr.state_dict().items()})
        return log

    loop.alternate = spy
    runner.train()
    average = seen[0]  # the first weights after a step begin it
    for state in seen[1:]:
        average = {k: 0.7 * average[k] + 0.3 * state[k] for k in state}
    saved = torch.load(tmp_path / 'run' / 'epoch_2.pth', weights_only=False)
    for key, value in average.items():
        torch.testing.assert_close(saved['state_dict'][f'sr.{key}'], value)
        torch.testing.assert_close(saved['ema_sr']['trained'][key], seen[-1][key])
    # The other net is as it was trained.
    for key, value in runner.model.task.state_dict().items():
        assert torch.equal(saved['state_dict'][f'task.{key}'], value)


def test_resumed_training_is_bit_equal(coco: Path, tmp_path: Path) -> None:
    whole = Runner.from_cfg(config(coco, tmp_path / 'whole'))
    whole.train()
    cfg = config(coco, tmp_path / 'resumed')
    cfg.resume, cfg.load_from = True, str(tmp_path / 'whole' / 'epoch_1.pth')
    Runner.from_cfg(cfg).train()
    one, two = (
        torch.load(tmp_path / name / 'epoch_2.pth', weights_only=False)
        for name in ('whole', 'resumed')
    )
    for key, value in one['state_dict'].items():
        assert torch.equal(two['state_dict'][key], value)
    for key, value in one['ema_sr']['trained'].items():
        assert torch.equal(two['ema_sr']['trained'][key], value)


def test_a_test_takes_the_average(coco: Path, tmp_path: Path) -> None:
    Runner.from_cfg(config(coco, tmp_path / 'run')).train()
    figures = []
    for hooks in (True, False):  # with the hook, and without it
        cfg = config(coco, tmp_path / f'test_{hooks}')
        if not hooks:
            cfg.custom_hooks = []
        cfg.load_from = str(tmp_path / 'run' / 'epoch_2.pth')
        figures.append(Runner.from_cfg(cfg).test())
    assert figures[0] == figures[1]
