# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What options of the tools change in a config."""

import pytest
import torch
from mmengine.config import Config

from sr4ir_mm.apis.edit_config import (
    add_metric,
    drop_hooks,
    drop_metrics,
    drop_validation,
    metrics_of,
    pin_memory,
    use_amp,
    use_amp_in_test,
)
from sr4ir_mm.errors import ConfigError

PSNR, SSIM = dict(type='PSNR'), dict(type='SSIM')


@pytest.mark.parametrize('evaluator', [PSNR, [PSNR], (PSNR,)])
def test_metrics_are_one_or_several(evaluator: object) -> None:
    cfg = Config(dict(test_evaluator=evaluator))
    assert metrics_of(cfg) == [PSNR]
    add_metric(cfg, SSIM)
    assert cfg.test_evaluator == [PSNR, SSIM]
    drop_metrics(cfg, ['PSNR'])
    assert cfg.test_evaluator == [SSIM]
    with pytest.raises(ConfigError, match='no metric PSNR to leave out, only SSIM'):
        drop_metrics(cfg, ['PSNR'])


def test_nothing_to_drop_changes_nothing() -> None:
    cfg = Config(dict(test_evaluator=PSNR))
    drop_metrics(cfg, [])
    assert cfg.test_evaluator == PSNR
    assert metrics_of(Config(dict(model=None))) == []


def test_hooks_that_are_none_are_left_out() -> None:
    hooks = dict(dry_run=None, logger=None, timer=dict(type='IterTimerHook'))
    cfg = Config(dict(default_hooks=hooks))
    drop_hooks(cfg)
    assert cfg.default_hooks == dict(logger=None, timer=hooks['timer'])  # MMEngine's own stays
    drop_hooks(Config(dict(model=None)))


def wrappers() -> Config:
    return Config(
        dict(
            optim_wrapper=dict(
                constructor='SeparateConstructor',
                sr=dict(optimizer=dict(type='AdamW')),
                task=dict(type='AmpOptimWrapper', loss_scale=2.0),
            )
        )
    )


def test_amp_is_of_each_net(monkeypatch: pytest.MonkeyPatch) -> None:
    cfg = wrappers()
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    use_amp(cfg)
    assert cfg.optim_wrapper.constructor == 'SeparateConstructor'
    assert cfg.optim_wrapper.sr.type == 'AmpOptimWrapper'
    assert cfg.optim_wrapper.sr.loss_scale == 'dynamic'
    assert cfg.optim_wrapper.task == dict(type='AmpOptimWrapper', loss_scale=2.0, dtype='float16')
    cfg.optim_wrapper.sr.type = 'ApexOptimWrapper'
    with pytest.raises(ConfigError, match=r"optim_wrapper\.sr\.type = 'ApexOptimWrapper'"):
        use_amp(cfg)


@pytest.mark.parametrize('choice', ['bf16', 'auto'])
def test_without_a_gpu_amp_is_bfloat16(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    cfg = wrappers()
    use_amp(cfg, choice)
    assert cfg.optim_wrapper.sr == dict(type='BFloat16OptimWrapper', optimizer=dict(type='AdamW'))
    assert cfg.optim_wrapper.task == dict(type='BFloat16OptimWrapper')
    with pytest.raises(ConfigError, match='use --amp bf16'):
        use_amp(cfg, 'fp16')


def test_bfloat16_needs_a_gpu_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torch.cuda, 'is_bf16_supported', lambda: False)
    with pytest.raises(ConfigError, match='use --amp fp16'):
        use_amp(wrappers(), 'bf16')


def test_a_test_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.setattr(torch, 'set_autocast_gpu_dtype', lambda dtype: None)
    cfg = Config(dict(test_cfg=dict(type='ReferenceTestLoop')))
    use_amp_in_test(cfg)
    assert cfg.test_cfg == dict(type='ReferenceTestLoop', fp16=True)
    with pytest.raises(ConfigError, match='use --amp bf16'):
        use_amp_in_test(cfg, 'fp16')


def test_validation_is_left_out_unless_it_chooses() -> None:
    loop = dict(val_cfg=dict(), val_dataloader=dict(batch_size=1), val_evaluator=[PSNR, SSIM])
    cfg = Config(dict(loop, test_evaluator=PSNR))
    drop_metrics(cfg, ['SSIM'], 'val')
    assert cfg.val_evaluator == [PSNR]
    assert cfg.test_evaluator == PSNR
    drop_validation(cfg)
    assert cfg.val_cfg is cfg.val_dataloader is cfg.val_evaluator is None
    cfg = Config(dict(loop, default_hooks=dict(checkpoint=dict(save_best='PSNR'))))
    with pytest.raises(ConfigError, match="save_best = 'PSNR' needs validation"):
        drop_validation(cfg)


@pytest.mark.parametrize('gpu', [True, False])
def test_memory_is_pinned_for_a_gpu(gpu: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: gpu)
    loaders = dict(train_dataloader=dict(batch_size=2), val_dataloader=dict(pin_memory=False))
    cfg = Config(dict(loaders, test_dataloader=None))
    pin_memory(cfg)
    assert cfg.train_dataloader.get('pin_memory', False) is gpu
    assert cfg.val_dataloader.pin_memory is False
    assert cfg.test_dataloader is None
