# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The learning rates of the paper's configs, where those of the authors' code are known."""

import math
from copy import deepcopy
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS, DefaultScope
from torch import nn

from tests.utils.tiny import ROOT

N = dict(seg=92, det=357, cls=64)


def build(name: str, net: str) -> tuple[Any, Any]:
    """Build the optimizer and the schedule of a net by MMEngine's builders."""
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py')
    with DefaultScope.overwrite_default_scope(cfg.default_scope):
        model = nn.ModuleDict(dict(backbone=nn.Linear(1, 1), auxiliary_head=nn.Linear(1, 1)))
        optimizer = build_optim_wrapper(model, cfg.optim_wrapper[net])
        (scheduler,) = cfg.param_scheduler[net]
        scheduler = PARAM_SCHEDULERS.build(
            dict(scheduler, end=cfg.train_cfg.max_epochs),
            default_args=dict(optimizer=optimizer, epoch_length=N[name.split('/')[1][:3]]),
        )
    return optimizer, scheduler


def rates(name: str, net: str, number: int) -> list[tuple[float, ...]]:
    """Rates of each group; where there are several, those of the auxiliary head come last."""
    optimizer, scheduler = build(name, net)
    found = []
    for _ in range(number):
        found.append(tuple(group['lr'] for group in optimizer.optimizer.param_groups))
        optimizer.step()
        scheduler.step()
    return found


# Figures as the schedulers of the authors' code gave them, in so many digits.
@pytest.mark.parametrize(
    ('name', 'net', 'expected'),
    [
        ('sr4ir/seg_edsr_x4', 'task',
         {0: '2.00000e-02', 919: '1.00058e-04', 920: '1.00000e-04', 921: '1.99999993e-02'}),
        ('s2t/det_edsr_x4', 'task',
         {0: '5.6e-05', 1: '1.12e-04', 356: '1.994e-02', 357: '2.000000e-02', 10709: '1.548e-04'}),
        ('sr4ir/det_edsr_x4', 'task',
         {0: '5.6e-05', 357: '2.000000e-02', 1071: '1.000000e-04', 1072: '1.9999999e-02',
          10709: '1.000e-04'}),
        ('sr4ir/det_edsr_x4', 'sr', {0: '2.8e-07', 357: '1.000000e-04', 1071: '1.000000e-06'}),
        ('h2t/cls_cars', 'task', {0: '3.00000e-02', 6400: '1.50500e-02', 12799: '1.0000e-04'}),
        ('sr4ir/cls_cars_edsr_x8', 'sr',
         {0: '1.00000e-04', 1280: '1.000000e-06', 1281: '9.9999998e-05'}),
    ],
)  # fmt: skip
def test_rates_of_the_reference(name: str, net: str, expected: dict[int, str]) -> None:
    found = rates(name, net, max(expected) + 1)
    for iteration, figure in expected.items():
        digits = len(figure.partition('e')[0].partition('.')[2])
        mantissa, exponent = f'{found[iteration][0]:.{digits}e}'.split('e')
        assert f'{mantissa}e{exponent}' == figure


def test_auxiliary_head_follows_the_same_cosine_to_the_same_end() -> None:
    found = rates('sr4ir/seg_edsr_x4', 'task', 922)
    assert found[0] == pytest.approx((2e-2, 2e-2, 0.2, 0.2))
    assert found[920] == pytest.approx((1e-4,) * 4)
    half = 1e-4 + (0.2 - 1e-4) * (1 + math.cos(math.pi / 2)) / 2
    assert found[460][-1] == pytest.approx(half)


@pytest.mark.parametrize(
    ('name', 'decay'),
    [('sr4ir/seg_edsr_x4', 1e-6), ('sr4ir/det_edsr_x4', 1e-4), ('sr4ir/cls_cars_edsr_x4', 1e-4)],
)
def test_optimizers_of_the_reference(name: str, decay: float) -> None:
    for group in build(name, 'task')[0].optimizer.param_groups:
        assert (group['momentum'], group['weight_decay']) == (0.9, decay)
        assert not group['nesterov']
    for group in build(name, 'sr')[0].optimizer.param_groups:
        assert (tuple(group['betas']), group['eps'], group['weight_decay']) == (
            (0.9, 0.999),
            1e-8,
            0,
        )


def test_one_period_is_pytorchs_cosine() -> None:
    found = rates('h2t/seg', 'task', 9200)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=9200, eta_min=1e-4)
    for iteration in range(9200):
        assert found[iteration][0] == pytest.approx(optimizer.param_groups[0]['lr'], rel=1e-6)
        optimizer.step()
        scheduler.step()


def test_resumed_schedule_goes_on_bit_for_bit() -> None:
    optimizer, scheduler = build('sr4ir/det_edsr_x4', 'task')
    for _ in range(1000):
        optimizer.step()
        scheduler.step()
    state = deepcopy(scheduler.state_dict())
    again, resumed = build('sr4ir/det_edsr_x4', 'task')
    resumed.load_state_dict(state)
    for _ in range(200):
        for pair in ((optimizer, scheduler), (again, resumed)):
            pair[0].step()
            pair[1].step()
        assert again.param_groups[0]['lr'] == optimizer.param_groups[0]['lr']
