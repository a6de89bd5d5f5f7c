# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Each ablation and related method on tiny nets: it moves the nets that it should, and no other."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from tests.utils.pair import train_two
from tests.utils.shrink import save_vgg
from tests.utils.tiny import ROOT, TASKS, tiny_config

BASES = dict(det='sr4ir/det_edsr_x4', seg='sr4ir/seg_edsr_x4', cls='sr4ir/cls_cars_edsr_x4')
CHANNELS = dict(det=8, seg=64, cls=64)
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


def config(setting: str, task: str, data: Path, work_dir: Path, epochs: int = 1) -> Config:
    """Put a setting's phases and further nets into a tiny config of any task."""
    cfg = tiny_config(data, work_dir, BASES[task], log_level='ERROR')
    cfg.experiment_name = f'{setting}_{task}_{work_dir.name}'
    file = Config.fromfile(ROOT / f'configs/_base_/settings/{setting}.py')
    cfg.phases = file.phases
    cfg.train_cfg.max_epochs = epochs
    for hook in cfg.custom_hooks:
        hook.begin = 0
    net = TASKS[cfg.train_dataloader.dataset.type]()
    if setting == 'vgg_loss':
        cfg.model.losses.vgg = dict(
            type='VGGLoss', vgg_type='vgg11', layer_weights={'2': 1.0},
            weights=str(save_vgg(work_dir.parent / 'vgg.pth')),
        )  # fmt: skip
    if setting == 'fixed_tdp':
        cfg.model.extra_nets = dict(fixed_task=net)
        cfg.model.losses.tdp.net = 'fixed_task'
    if setting == 'sod_mtgan':
        cfg.model.extra_nets = dict(
            discriminator=dict(type='MultiTaskDiscriminator', task=net, in_channels=CHANNELS[task])
        )
        cfg.model.losses.update(file.discriminator_losses)
        cfg.optim_wrapper.discriminator = file.discriminator_optimizer
        cfg.param_scheduler.discriminator = cfg.param_scheduler.sr
    return cfg


def states(runner: Runner) -> dict[str, dict[str, torch.Tensor]]:
    model = runner.model
    return {
        name: {key: value.clone() for key, value in model.net(name).state_dict().items()}
        for name in model.net_names
    }


@pytest.mark.parametrize('task', BASES)
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
    whole = Runner.from_cfg(config(setting, 'cls', tiny_data, tmp_path / 'whole', 2))
    whole.train()
    cfg = config(setting, 'cls', tiny_data, tmp_path / 'resumed', 2)
    cfg.resume, cfg.load_from = True, str(tmp_path / 'whole' / 'epoch_1.pth')
    resumed = Runner.from_cfg(cfg)
    resumed.train()
    for name, state in states(whole).items():
        assert all(torch.equal(value, states(resumed)[name][key]) for key, value in state.items())
    theirs = whole.optim_wrapper.state_dict()
    ours = resumed.optim_wrapper.state_dict()
    assert ours.keys() == theirs.keys() == {*MOVED[setting]}


@pytest.mark.parametrize('setting', MOVED)
def test_two_processes_equal_one(
    setting: str, tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(name: str, batch_size: int) -> Config:
        cfg = config(setting, 'cls', tiny_data, tmp_path / name)
        cfg.train_dataloader.batch_size = batch_size
        pipeline = cfg.train_dataloader.dataset.pipeline
        pipeline[:] = [transform for transform in pipeline if 'Random' not in transform.type]
        pipeline.insert(-1, dict(type='CenterCrop', crop_size=48))
        cfg.model.cqmix.prob = 1.0
        return cfg

    alone = Runner.from_cfg(make('one', 2))
    alone.train()
    pair = train_two(make('two', 1), tmp_path, monkeypatch)
    ours, theirs = pair.model.module.state_dict(), alone.model.state_dict()
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        torch.testing.assert_close(ours[key], value, atol=1e-5, rtol=0, msg=key)
