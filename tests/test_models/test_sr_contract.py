# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an SR net must do is tried when it is built."""

import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.sr_contract import check_contract, restore
from tests.utils.samples import build_model


class Net(nn.Module):
    """An SR net x2 that draws, keeps statistics, and can be broken in many ways."""

    def __init__(self, fault: str = '') -> None:
        super().__init__()
        self.fault = fault
        self.norm = nn.BatchNorm2d(1 if fault == 'grey' else 3)

    def forward(self, x: Tensor) -> Any:
        if self.fault == 'large' and min(x.shape[-2:]) < 32:
            raise RuntimeError('too small')
        if self.fault == 'video':
            _, _, _, height, width = x.shape
        random.random(), np.random.rand(), torch.rand(1)
        up = self.norm(x).repeat_interleave(2, -1).repeat_interleave(2, -2)
        return [up] if self.fault == 'list' else up[..., :-1] if self.fault == 'narrow' else up


@pytest.mark.parametrize('fault', ['', 'large'])
def test_a_net_that_does_is_left_as_it_was(fault: str) -> None:
    net = Net(fault).train()
    before = [value.clone() for value in net.state_dict().values()]
    random.seed(0), np.random.seed(0), torch.manual_seed(0)
    expected = random.random(), np.random.rand(), torch.rand(1)
    random.seed(0), np.random.seed(0), torch.manual_seed(0)
    check_contract(net, 2)
    assert (random.random(), np.random.rand(), torch.rand(1)) == expected
    assert all(map(torch.equal, before, net.state_dict().values()))
    assert net.training
    assert net.norm.training


@pytest.mark.parametrize('fault', ['grey', 'video', 'list', 'narrow'])
def test_a_net_that_does_not_is_refused_in_one_message(fault: str) -> None:
    message = r'model\.sr \(Net\).*\(N, 3, h, w\) to \(N, 3, 2 \* h, 2 \* w\).*model\.scale = 2'
    with pytest.raises(ConfigError, match=message):
        check_contract(Net(fault), 2)


@pytest.mark.parametrize(
    ('path', 'scale'),
    [
        ('liif/liif-edsr-norm_c64b16_1xb16-1000k_div2k', 4),
        ('ttsr/ttsr-rec_x4c64b16_1xb9-200k_CUFED', 4),
        ('edsr/edsr_x2c64b16_1xb16-300k_div2k', 4),
    ],
)
def test_nets_of_mmagic_that_do_something_else(path: str, scale: int) -> None:
    with pytest.raises(ConfigError, match=r'model\.sr \(\w+\) is no net that can be used here'):
        build_model(sr=f'mmagic::{path}.py', scale=scale)


def test_images_smaller_than_windows() -> None:
    path = 'mmagic::swinir/swinir_x4s64w8d4e60_8xb4-lr2e-4-500k_div2k.py'
    narrow = dict(cfg_path=path, depths=[1], num_heads=[1], embed_dim=6)
    net = build_net(narrow, 'model.sr')[0].eval()
    with torch.no_grad():
        assert restore(net, torch.rand(1, 3, 3, 4), 4).shape == (1, 3, 12, 16)
        lr = torch.rand(1, 3, 8, 16)
        assert torch.equal(restore(net, lr, 4), net(lr))
