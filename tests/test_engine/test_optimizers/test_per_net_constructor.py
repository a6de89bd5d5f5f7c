# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One wrapper for each net that is trained."""

from inspect import signature

import pytest
import torch
from torch import nn

from sr4ir_mm.engine.optimizers import PerNetOptimWrapperConstructor
from sr4ir_mm.errors import ConfigError

CPU_FUSED = tuple(int(part) for part in torch.__version__.split('.')[:2]) >= (2, 4)


class Pair(nn.Module):
    net_names = ('sr', 'task')
    fast = False

    def __init__(self) -> None:
        super().__init__()
        self.sr = nn.Conv2d(3, 3, 1)
        self.task = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))

    def net(self, name: str, wrapped: bool = False) -> nn.Module:
        return getattr(self, name)


CFG = dict(
    sr=dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4), clip_grad=dict(max_norm=1)),
    task=dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=0.02, weight_decay=0.1),
        paramwise_cfg=dict(norm_decay_mult=0.0),
        accumulative_counts=2,
    ),
)


def test_each_net_has_its_own() -> None:
    wrappers = PerNetOptimWrapperConstructor(CFG)(Pair())
    assert list(wrappers.keys()) == ['sr', 'task']
    assert isinstance(wrappers['sr'].optimizer, torch.optim.AdamW)
    assert wrappers['sr'].clip_grad_kwargs == dict(max_norm=1)
    assert wrappers['task']._accumulative_counts == 2
    decays = {group['weight_decay'] for group in wrappers['task'].optimizer.param_groups}
    assert decays == {0.1, 0.0}


def test_an_entry_without_a_net_is_refused() -> None:
    with pytest.raises(ConfigError, match='tsk is for no net: the model has sr, task'):
        PerNetOptimWrapperConstructor(dict(CFG, tsk=CFG['sr']))(Pair())
    with pytest.raises(ConfigError, match='has no net'):
        PerNetOptimWrapperConstructor(CFG, paramwise_cfg=dict())


@pytest.mark.parametrize('fast', [False, True])
def test_a_fast_model_steps_in_one_kernel(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pair, 'fast', fast)
    wrappers = PerNetOptimWrapperConstructor(CFG)(Pair())
    for name in ('sr', 'task'):
        optimizer = wrappers[name].optimizer
        can = 'fused' in signature(type(optimizer)).parameters and CPU_FUSED
        assert bool(optimizer.defaults.get('fused')) == (fast and can)


def test_what_the_config_says_of_the_kernel_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pair, 'fast', True)
    cfg = dict(sr=dict(optimizer=dict(type='AdamW', lr=1e-4, foreach=True)))
    cfg['task'] = dict(optimizer=dict(type='NAdam', lr=1e-4))  # it has no such kernel
    wrappers = PerNetOptimWrapperConstructor(cfg)(Pair())
    assert wrappers['sr'].optimizer.defaults['foreach'] is True
    assert not wrappers['sr'].optimizer.defaults['fused']
    assert 'fused' not in wrappers['task'].optimizer.defaults
