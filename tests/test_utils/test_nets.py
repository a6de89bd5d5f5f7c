# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Modes and gradient flags come back exactly as they were."""

import pytest
from torch import nn

from sr4ir_mm.utils.nets import eval_mode, frozen


class Stubborn(nn.Linear):
    """Overloads ``train`` as backbones with ``norm_eval`` do."""

    def train(self, mode: bool = True) -> nn.Module:
        raise AssertionError('train() was called')


def make_net() -> nn.Sequential:
    inner = nn.Sequential(nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3), nn.Dropout(0.5))
    net = nn.Sequential(inner, nn.BatchNorm2d(3), nn.Dropout(0.5), Stubborn(2, 2))
    inner[1].eval()  # a norm that its model froze, in a part that trains
    net[2].training = False
    return net


def modes(net: nn.Module) -> dict[str, bool]:
    return {name: module.training for name, module in net.named_modules()}


def test_all_are_in_eval_mode_inside_and_as_before_outside() -> None:
    net = make_net()
    before = modes(net)
    with eval_mode(net):
        assert not any(modes(net).values())
    assert modes(net) == before
    assert before['0']
    assert not before['0.1']


def test_only_norms_are_in_eval_mode_where_dropout_stays() -> None:
    net = make_net()
    before = modes(net)
    with eval_mode(net, stochastic=True):
        assert modes(net) == before | {'1': False}
    assert modes(net) == before


def test_modes_come_back_after_an_error() -> None:
    net = make_net()
    before = modes(net)
    with pytest.raises(RuntimeError, match='inside'), eval_mode(net):
        raise RuntimeError('inside')
    assert modes(net) == before


def test_parameters_that_were_frozen_stay_frozen() -> None:
    net = make_net()
    net[0][0].requires_grad_(False)
    before = modes(net)
    with frozen(net):
        assert not any(param.requires_grad for param in net.parameters())
        assert not any(modes(net).values())
    off = [name for name, param in net.named_parameters() if not param.requires_grad]
    assert off == ['0.0.weight', '0.0.bias']
    assert modes(net) == before
