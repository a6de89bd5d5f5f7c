# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What makes training faster or smaller goes with all else that a run may use."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from sr4ir_mm.apis.edit_config import use_amp
from tests.utils.pair import train_two
from tests.utils.tiny import tiny_config


def bf16(cfg: Config) -> None:
    use_amp(cfg, 'bf16')


def compiled(cfg: Config) -> None:
    cfg.compile = dict(backend='eager')


def fast_and_checkpointed(cfg: Config) -> None:
    cfg.model.update(fast=True, checkpoint_sr=True)


def all_at_once(cfg: Config) -> None:
    for switch in (bf16, compiled, fast_and_checkpointed):
        switch(cfg)


SWITCHES = [bf16, compiled, fast_and_checkpointed]


def config(switch: Callable[[Config], None], data: Path, work_dir: Path) -> Config:
    """Give two epochs of three batches, with EMA, clipping, and two batches a step."""
    cfg = tiny_config(data, work_dir, 'sr4ir/cls_cars_swinir_x4', val=False)
    cfg.experiment_name = f'{switch.__name__}_{work_dir.name}'
    pipeline = cfg.train_dataloader.dataset.pipeline
    pipeline[:] = [transform for transform in pipeline if 'Random' not in transform.type]
    pipeline.insert(-1, dict(type='CenterCrop', crop_size=48))
    cfg.model.cqmix.prob = 1.0
    cfg.model.sr.drop_path_rate = 0.0
    # Adam would make steps of the rounding in gradients that are zero, as of a key's bias.
    cfg.optim_wrapper.sr.optimizer = dict(type='SGD', lr=0.01, momentum=0.9)
    for net in ('sr', 'task'):
        cfg.optim_wrapper[net].accumulative_counts = 2
        cfg.optim_wrapper[net].clip_grad = dict(max_norm=0.5)
    cfg.custom_hooks = [dict(type='TDPWarmupHook', begin=1), dict(type='NetEMAHook', net='sr')]
    switch(cfg)
    return cfg


def state(runner: Runner) -> dict[str, torch.Tensor]:
    """Give all weights, those of the moving average too."""
    ema = next(hook for hook in runner.hooks if type(hook).__name__ == 'NetEMAHook')
    averaged = {f'ema.{key}': value for key, value in ema.ema_model.state_dict().items()}
    model = getattr(runner.model, 'module', runner.model)
    return {**model.state_dict(), **averaged}


@pytest.mark.parametrize('switch', [*SWITCHES, all_at_once])
def test_resumes_to_the_bit(
    switch: Callable[[Config], None], tiny_data: Path, tmp_path: Path
) -> None:
    torch._dynamo.reset()
    whole = Runner.from_cfg(config(switch, tiny_data, tmp_path / 'whole'))
    whole.train()
    cfg = config(switch, tiny_data, tmp_path / 'resumed')
    cfg.resume, cfg.load_from = True, str(tmp_path / 'whole' / 'epoch_1.pth')
    resumed = Runner.from_cfg(cfg)
    resumed.train()
    assert resumed.iter == whole.iter == 6
    expected = state(whole)
    for key, value in state(resumed).items():
        assert torch.equal(value, expected[key]), key
    half = torch.load(tmp_path / 'whole' / 'epoch_1.pth', weights_only=False)['state_dict']
    assert any(not torch.equal(value, expected[key]) for key, value in half.items())


def test_two_processes_equal_one(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch._dynamo.reset()
    cfgs = [config(switch, tiny_data, tmp_path / switch.__name__) for switch in SWITCHES]
    for cfg in cfgs:
        cfg.train_dataloader.batch_size = 1
    for switch, pair in zip(SWITCHES, train_two(cfgs, tmp_path, monkeypatch), strict=True):
        alone = Runner.from_cfg(config(switch, tiny_data, tmp_path / 'alone'))
        alone.train()
        # In bfloat16 other batches round otherwise.
        expected = state(alone)
        for key, value in state(pair).items():
            torch.testing.assert_close(
                value, expected[key], atol=2e-3 if switch is bf16 else 1e-5, rtol=0,
                msg=f'{switch.__name__}: {key}',
            )  # fmt: skip
