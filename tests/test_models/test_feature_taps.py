# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Features by position and by name."""

import pytest
import torch
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.feature_taps import FeatureTaps


class Net(nn.Module):
    """A stem, a stage with in-place activations, a part with several outputs, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 1)
        self.stage = nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU(inplace=True))
        self.split = Split()
        self.head = nn.Linear(4, 2)

    def extract_feat(self, images: Tensor) -> tuple[Tensor, ...]:
        stem = self.stem(images)
        stage = self.stage(stem)
        return stem, stage, *self.split(stage)['maps']


class Split(nn.Module):
    """Gives nested maps."""

    def forward(self, feat: Tensor) -> dict:
        return {'maps': (feat + 1, feat + 2)}


@pytest.fixture
def net() -> Net:
    torch.manual_seed(0)
    return Net()


IMAGES = torch.rand(1, 3, 2, 2, generator=torch.Generator().manual_seed(0))


def tap(net: Net, *layers: int | str) -> tuple[Tensor, ...]:
    return FeatureTaps(net, layers)(lambda: net.extract_feat(IMAGES))


def test_positions_and_names_come_in_the_order_asked_for(net: Net) -> None:
    stem, stage, _, last = net.extract_feat(IMAGES)
    feats = tap(net, -1, 'stage', 'stem', 0)
    for feat, expected in zip(feats, (last, stage, stem, stem), strict=True):
        assert torch.equal(feat, expected)


def test_nested_outputs_are_several_features(net: Net) -> None:
    stage = net.extract_feat(IMAGES)[1]
    feats = tap(net, 'split', 1)
    assert len(feats) == 3
    assert torch.equal(feats[1], stage + 2)


def test_output_is_as_the_layer_gave_it_though_the_next_one_works_in_place(net: Net) -> None:
    expected = net.stage[0](net.stem(IMAGES))
    assert expected.min() < 0
    (feat,) = tap(net, 'stage.0')
    assert torch.equal(feat, expected)
    feat.square().sum().backward()
    (grad,) = torch.autograd.grad(expected.square().sum(), net.stem.weight)
    assert torch.equal(net.stem.weight.grad, grad)


def test_hooks_are_gone_afterwards_even_after_an_error(net: Net) -> None:
    taps = FeatureTaps(net, ('stem', 'stage.0'))
    taps(lambda: net.extract_feat(IMAGES))
    with pytest.raises(RuntimeError):
        taps(lambda: net.extract_feat(IMAGES[:, :2]))
    assert not any(module._forward_hooks for module in net.modules())


def test_unknown_layer_is_told_with_those_that_exist(net: Net) -> None:
    with pytest.raises(ConfigError) as error:
        FeatureTaps(net, ('stem', 'stages.1', 0))
    message = str(error.value)
    assert "no layer 'stages.1'" in message
    assert "did you mean 'stage.1'?" in message


def test_layer_of_a_head_does_not_run(net: Net) -> None:
    with pytest.raises(ConfigError, match="'head' does not run.*4 returned maps"):
        tap(net, 'head')


@pytest.mark.parametrize('position', [4, -5])
def test_position_out_of_range(net: Net, position: int) -> None:
    message = rf'no map {position}: extract_feat returns 4.*layers=\(-1,'
    with pytest.raises(ConfigError, match=message):
        tap(net, position)
