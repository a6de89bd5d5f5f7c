# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Each ablation and related method on tiny nets: it moves the nets that it should, and no other."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.pair import train_two
from tests.utils.tiny import ROOT, tiny_config

TASKS = dict(det='seg', seg='seg', cls='cls_cars')
MOVED = {
    'without_tdp': {'sr', 'task'},
    'task_on_sr': {'sr', 'task'},
    'task_on_hr': {'sr', 'task'},
    'task_on_sr_hr': {'sr', 'task'},
    'vgg_loss': {'sr', 'task'},
    'fixed_tdp': {'sr', 'task'},
    'joint_tdp': {'sr', 'task'},
    'tdsr': {'sr'},
    'sod_mtgan': {'sr', 'task', 'discriminator'},
}


def config(setting: str, task: str, data: Path, work_dir: Path, **options: Any) -> Config:
    """Load the setting's leaf for a task with narrow nets, TDP from the start.

    For detection, which the paper does without, the segmentor's leaf takes the detector's pair.
    """
    folder = 'related' if setting in ('tdsr', 'sod_mtgan') else 'ablations'
    name = f'{folder}/{setting}/{TASKS[task]}_edsr_x8'
    if task == 'det':
        text = (ROOT / 'configs' / f'{name}.py').read_text()
        for old, new in {'../..': str(ROOT / 'configs'), '/seg_100e': '/det_30e'}.items():
            text = text.replace(old, new)
        name = str(work_dir.parent / 'det')
        Path(f'{name}.py').write_text(text.replace('pairs/seg_', 'pairs/det_'))
    cfg = tiny_config(data, work_dir, name, val=False, train_cfg__max_epochs=1)
    cfg.experiment_name = f'{setting}_{task}_{work_dir.name}'
    for hook in cfg.get('custom_hooks', []):
        hook.begin = 0
    cfg.merge_from_dict(options)
    return cfg


def states(runner: Runner) -> dict[str, dict[str, torch.Tensor]]:
    model = runner.model
    return {
        name: {key: value.clone() for key, value in model.net(name).state_dict().items()}
        for name in model.net_names
    }


@pytest.mark.parametrize('task', TASKS)
@pytest.mark.parametrize('setting', MOVED)
def test_moves_the_nets_that_it_should(
    setting: str, task: str, coco: Path, tiny_data: Path, tmp_path: Path
) -> None:
    data = coco if task == 'det' else tiny_data
    runner = Runner.from_cfg(config(setting, task, data, tmp_path / 'run'))
    runner.model.init_weights()
    runner.model._is_init = True
    before = states(runner)
    runner.train()
    after = states(runner)
    moved = {
        name
        for name in before
        if any(not torch.equal(value, after[name][key]) for key, value in before[name].items())
    }
    assert moved == MOVED[setting]
    scalars = runner.message_hub.log_scalars
    for phase in runner.cfg.phases:
        names = [phase['update']] if isinstance(phase['update'], str) else phase['update']
        value = scalars[f'train/loss_{"+".join(names)}'].current()
        assert value > 0


@pytest.mark.parametrize('setting', MOVED)
def test_resumes_exactly(setting: str, tiny_data: Path, tmp_path: Path) -> None:
    two = {'train_cfg.max_epochs': 2}
    whole = Runner.from_cfg(config(setting, 'cls', tiny_data, tmp_path / 'whole', **two))
    whole.train()
    cfg = config(setting, 'cls', tiny_data, tmp_path / 'resumed', **two)
    cfg.resume, cfg.load_from = True, str(tmp_path / 'whole' / 'epoch_1.pth')
    resumed = Runner.from_cfg(cfg)
    resumed.train()
    for name, state in states(whole).items():
        assert all(torch.equal(value, states(resumed)[name][key]) for key, value in state.items())
    theirs = whole.optim_wrapper.state_dict()
    ours = resumed.optim_wrapper.state_dict()
    assert ours.keys() == theirs.keys() == {*MOVED[setting]}


def test_two_processes_equal_one(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(setting: str, name: str, batch_size: int) -> Config:
        cfg = config(setting, 'cls', tiny_data, tmp_path / f'{setting}_{name}')
        cfg.train_dataloader.batch_size = batch_size
        pipeline = cfg.train_dataloader.dataset.pipeline
        pipeline[:] = [transform for transform in pipeline if 'Random' not in transform.type]
        pipeline.insert(-1, dict(type='CenterCrop', crop_size=48))
        cfg.model.cqmix.prob = 1.0
        return cfg

    pairs = train_two([make(setting, 'two', 1) for setting in MOVED], tmp_path, monkeypatch)
    for setting, pair in zip(MOVED, pairs, strict=True):
        alone = Runner.from_cfg(make(setting, 'one', 2))
        alone.train()
        ours, theirs = pair.model.module.state_dict(), alone.model.state_dict()
        assert ours.keys() == theirs.keys()
        for key, value in theirs.items():
            torch.testing.assert_close(ours[key], value, atol=1e-5, rtol=0, msg=f'{setting}: {key}')
