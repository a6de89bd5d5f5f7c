# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights in timm's names for mmpretrain's TIMMBackbone; timm itself need not be there."""

from pathlib import Path

import pytest
import torch
from torch import nn

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.errors import CheckpointError

pytestmark = pytest.mark.quick


class EfficientNet(nn.Module):
    """The names of timm's: a stem, a block and, unless it ends there, the last layers."""

    def __init__(self, features_only: bool = False) -> None:
        super().__init__()
        self.conv_stem = nn.Conv2d(3, 4, 1, bias=False)
        block = nn.ModuleDict(dict(conv_dw=nn.Conv2d(4, 4, 1, groups=4, bias=False)))
        self.blocks = nn.Sequential(nn.Sequential(block))
        if not features_only:
            self.conv_head = nn.Conv2d(4, 8, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(8)


class Backbone(nn.Module):
    """The names of mmpretrain's wrapper, which takes the classifier away."""

    def __init__(self, **kwargs: bool) -> None:
        super().__init__()
        self.timm_model = EfficientNet(**kwargs)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    net = EfficientNet()
    net.classifier = nn.Linear(8, 10)
    torch.save(net.state_dict(), tmp_path / 'efficientnet.pth')
    return tmp_path / 'efficientnet.pth'


@pytest.mark.parametrize('features_only', [False, True])
@pytest.mark.parametrize('part', ['task.backbone', 'task.backbone.timm_model'])
def test_backbone_takes_what_it_has(part: str, features_only: bool, published: Path) -> None:
    net = Backbone(features_only=features_only)
    init_net_from(net.timm_model if part.endswith('timm_model') else net, str(published), part)
    weights = torch.load(published)
    assert all(torch.equal(v, weights[k]) for k, v in net.timm_model.state_dict().items())


def test_a_weight_that_is_missing_or_of_another_size_is_told(published: Path) -> None:
    weights = torch.load(published)
    weights['blocks.0.1.conv_dw.weight'] = weights.pop('blocks.0.0.conv_dw.weight')
    weights['blocks.0.0.conv_dw.weight'] = torch.zeros(4, 2, 1, 1)
    torch.save(weights, published)
    with pytest.raises(CheckpointError, match=r'1 unexpected .*0\.1.*1 of another shape'):
        init_net_from(Backbone(), str(published), 'task.backbone')
