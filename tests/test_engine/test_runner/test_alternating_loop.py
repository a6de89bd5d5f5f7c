# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Each setting moves what it should and nothing else."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.runner import Runner
from torch import nn

from sr4ir_mm.engine.runner import AlternatingEpochLoop, Phase, alternating_loop, run_phase
from sr4ir_mm.errors import ConfigError, NonFiniteLossError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.phase_batch import PhaseBatch
from tests.utils.tiny import tiny_config


def snapshot(net: nn.Module) -> dict[str, torch.Tensor]:
    return {key: value.clone() for key, value in net.state_dict().items()}


def moved(net: nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    return {key for key, value in net.state_dict().items() if not torch.equal(value, before[key])}


def flags(model: nn.Module) -> tuple[list, list]:
    grads = [(name, param.requires_grad) for name, param in model.named_parameters()]
    return grads, [(name, module.training) for name, module in model.named_modules()]


def train(cfg: Any) -> Runner:
    cfg.experiment_name = Path(cfg.work_dir).name
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner


@pytest.mark.parametrize(
    ('name', 'trained'),
    [
        ('h2t/det', {'task'}),
        ('l2t/det_x4', {'task'}),
        ('s/det_edsr_x4', {'sr'}),
        ('s2t/det_edsr_x4', {'task'}),
        ('t2s/det_edsr_x4', {'sr'}),
        ('joint/det_edsr_x4', {'sr', 'task'}),
        ('sr4ir/det_edsr_x4', {'sr', 'task'}),
    ],
)
def test_a_setting_trains_its_nets_alone(
    name: str, trained: set[str], coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: dict[str, dict] = {}
    run = AlternatingEpochLoop.run

    def remember(loop: AlternatingEpochLoop) -> Any:
        # After the weights were initialised.
        before.update({net: snapshot(loop.model.net(net)) for net in loop.model.net_names})
        return run(loop)

    monkeypatch.setattr(AlternatingEpochLoop, 'run', remember)
    cfg = tiny_config(coco, tmp_path, name, train_cfg__max_epochs=1, train_cfg__val_interval=1)
    cfg.default_hooks.visualization.draw = True
    cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
    runner = train(cfg)
    (picture,) = tmp_path.glob('*/vis_data/vis_image/val/*.png')
    assert picture.name == f'0_{runner.iter}.png'

    nets = {net: runner.model.net(net) for net in runner.model.net_names}
    assert {net for net in nets if moved(nets[net], before[net])} == trained
    assert set(runner.optim_wrapper.keys()) == trained
    if 'task' in trained:  # stem and first stage are frozen by the detector's own config
        frozen = {key for key in moved(nets['task'], before['task']) if 'layer1' in key}
        assert not frozen
        assert any('layer2' in key for key in moved(nets['task'], before['task']))


def test_not_one_value_of_a_frozen_net_changes_in_a_phase(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[tuple] = []

    def spy(model: SR4IR, phase: Phase, *args: Any) -> dict:
        before = {net: snapshot(model.net(net)) for net in model.net_names}
        as_they_were = flags(model)
        values = run_phase(model, phase, *args)
        changed = {net for net in before if moved(model.net(net), before[net])}
        terms = {key for key in values if key in ('loss_pixel', 'loss_tdp')}
        log.append((phase.update, changed, terms))
        assert flags(model) == as_they_were
        return values

    monkeypatch.setattr(alternating_loop, 'run_phase', spy)
    cfg = tiny_config(coco, tmp_path)
    # Batch norm that does update its running statistics when it may.
    cfg.model.task.backbone.norm_eval = False
    runner = train(cfg)

    assert [set(update) for update, _, _ in log] == [changed for _, changed, _ in log]
    # TDP sets in after the warm-up of one epoch; there are two phases for each of 3 batches.
    assert [terms for update, _, terms in log if update == ('sr',)] == (
        [{'loss_pixel'}] * 3 + [{'loss_pixel', 'loss_tdp'}] * 3
    )
    task = runner.model.task
    # Three passes an iteration (SR, HR, CQMix), in phase 2 only.
    assert int(task.backbone.layer2[0].bn1.num_batches_tracked) == 6 * 3
    scalars = runner.message_hub.log_scalars
    for key in ('loss_pixel', 'loss_tdp', 'cqmix.loss_cls', 'loss_sr', 'loss_task', 'loss'):
        assert f'train/{key}' in scalars


def test_the_pixel_loss_falls(coco: Path, tmp_path: Path) -> None:
    cfg = tiny_config(coco, tmp_path, 's/det_edsr_x4', train_cfg__max_epochs=12)
    cfg.optim_wrapper.sr.optimizer.lr = 3e-3
    values, _ = train(cfg).message_hub.get_scalar('train/loss_pixel').data
    assert values[-3:].mean() < 0.8 * values[:3].mean()


def test_no_kind_of_parts_is_looked_for_in_vain(coco: Path, tmp_path: Path) -> None:
    """Or MMEngine warns of it in each run."""
    train(tiny_config(coco, tmp_path, log_level='INFO'))
    (log,) = tmp_path.glob('*/*.log')
    assert 'Epoch(train)' in log.read_text()
    assert 'Failed to search registry' not in log.read_text()


@pytest.mark.parametrize('joint', [False, True])
def test_a_non_finite_loss_stops_before_the_step(
    joint: bool, coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = tiny_config(coco, tmp_path, f'{"joint" if joint else "sr4ir"}/det_edsr_x4')
    runner = Runner.from_cfg(cfg)
    good: dict[str, torch.Tensor] = {}
    compute = PhaseBatch.terms

    def poisoned(batch: PhaseBatch, *args: Any) -> dict:
        terms = compute(batch, *args)
        if runner.iter == 4 and 'task' in batch.update:
            good.update(snapshot(runner.model))
            terms['sr.loss_cls'] = terms['sr.loss_cls'] * float('nan')
        return terms

    monkeypatch.setattr(PhaseBatch, 'terms', poisoned)
    with pytest.raises(NonFiniteLossError, match=r'Iteration 5.*sr\.loss_cls = nan'):
        runner.train()
    assert not moved(runner.model, good)
    saved = torch.load(tmp_path / 'last_good.pth', weights_only=False)
    assert all(torch.equal(saved['state_dict'][key], value) for key, value in good.items())
    assert saved['meta']['iter'] == 4
    assert (tmp_path / 'epoch_1.pth').is_file()


def test_a_setting_that_may_collapse_ends_there(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = tiny_config(coco, tmp_path, train_cfg__max_epochs=5)
    cfg.train_cfg.on_non_finite = 'end'
    runner = Runner.from_cfg(cfg)
    good: dict[str, torch.Tensor] = {}
    compute = PhaseBatch.terms

    def poisoned(batch: PhaseBatch, *args: Any) -> dict:
        terms = compute(batch, *args)
        if runner.iter == 4 and 'task' in batch.update:
            good.update(snapshot(runner.model))
            terms['sr.loss_cls'] = terms['sr.loss_cls'] * float('nan')
        return terms

    monkeypatch.setattr(PhaseBatch, 'terms', poisoned)
    runner.train()  # no error
    assert runner.epoch == 2
    assert not moved(runner.model, good)
    assert (tmp_path / 'last_good.pth').is_file()
    assert (tmp_path / 'epoch_2.pth').is_file()
    other = tiny_config(coco, tmp_path / 'other')
    other.train_cfg.on_non_finite = 'ignore'
    runner = Runner.from_cfg(other)
    with pytest.raises(ConfigError, match="on_non_finite is 'ignore'"):
        runner.train()


@pytest.mark.parametrize(
    ('phases', 'message'),
    [
        ([], 'no phases'),
        ([dict(update='sr', losses=dict(gan=dict(sr=1.0)))], "loss 'gan'"),
        ([dict(update='discriminator', losses=dict(pixel=dict(sr=1.0)))], "net 'discriminator'"),
    ],
)
def test_phases_that_do_not_fit(phases: list, message: str, coco: Path, tmp_path: Path) -> None:
    cfg = tiny_config(coco, tmp_path)
    cfg.phases = phases
    with pytest.raises(ConfigError, match=message):
        train(cfg)


def test_training_a_net_without_parameters_is_refused(coco: Path, tmp_path: Path) -> None:
    cfg = tiny_config(coco, tmp_path, 'l2t/det_x4')
    cfg.phases = [dict(update='sr', losses=dict(pixel=dict(sr=1.0)))]
    with pytest.raises(ConfigError, match='model.sr, which has nothing to train'):
        train(cfg)
