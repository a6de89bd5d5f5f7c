# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights with their channels last: other strides, same values."""

from copy import deepcopy

import pytest
import torch
from mmengine.model import ExponentialMovingAverage
from torch import nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.memory_format import faster_format, set_memory_format
from tests.utils.samples import build_model, cls_batch, run_phase, setting
from tests.utils.tiny import resnet

TASK = resnet(num_classes=2)


def all_channels_last(net: nn.Module) -> bool:
    weights = [param for param in net.parameters() if param.dim() == 4]
    return all(
        weight.is_contiguous(memory_format=torch.channels_last) for weight in weights
    ) and any(not weight.is_contiguous() for weight in weights)


def test_same_weights_losses_and_gradients() -> None:
    plain = build_model(task=TASK)
    last = build_model(task=TASK, memory_format='channels_last')
    assert all_channels_last(last.sr)
    assert all_channels_last(last.task)
    assert not all_channels_last(plain.sr)
    for (name, first), second in zip(
        plain.state_dict().items(), last.state_dict().values(), strict=True
    ):
        assert torch.equal(first, second), name  # the random numbers of init_weights among them
    for phase in setting('sr4ir'):
        outcomes = []
        for model in (plain, last):
            torch.manual_seed(0)
            data = model.data_preprocessor(cls_batch(), True)
            outcomes.append(run_phase(model, data, phase))
        assert outcomes[0] == pytest.approx(outcomes[1], rel=1e-4)
        for (name, first), second in zip(plain.named_parameters(), last.parameters(), strict=True):
            assert (first.grad is None) == (second.grad is None), name
            if first.grad is not None:
                scale = float(first.grad.abs().max())
                torch.testing.assert_close(
                    second.grad, first.grad, atol=1e-3 * scale + 1e-7, rtol=0, msg=name
                )


class TakesADevice(nn.Sequential):
    """As mmdet's detectors with a teacher."""

    def to(self, device: str) -> nn.Module:  # type: ignore[override]
        return super().to(device)


def test_a_net_may_have_a_way_of_its_own_to_move() -> None:
    net = TakesADevice(nn.Conv2d(3, 4, 3))
    set_memory_format([net], 'channels_last')
    assert all_channels_last(net)


def test_the_layout_outlives_loading_and_copying() -> None:
    plain, last = build_model(task=TASK), build_model(task=TASK, memory_format='channels_last')
    with torch.no_grad():
        for param in plain.parameters():
            param += 1
    last.load_state_dict(plain.state_dict())
    for net in (last.task, deepcopy(last.task), ExponentialMovingAverage(last.task).module):
        assert all_channels_last(net)
        for name, value in net.state_dict().items():
            assert torch.equal(value, plain.task.state_dict()[name]), name


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="memory_format is 'nchw': use one of channels_last"):
        build_model(memory_format='nchw')


def test_auto_is_by_net_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.setattr(torch.backends.cpu, 'get_cpu_capability', lambda: 'AVX2')
    assert faster_format(nn.Conv2d(3, 4, 3)) == 'contiguous'
    assert faster_format(nn.Sequential(nn.Conv2d(4, 4, 3, groups=4))) == 'channels_last'
    monkeypatch.setattr(torch.backends.cpu, 'get_cpu_capability', lambda: 'AVX512')
    convolutions, attention = nn.Conv2d(3, 4, 3), nn.Linear(4, 4)
    assert faster_format(nn.Sequential(convolutions, nn.Linear(4, 2), nn.Conv2d(4, 4, 3))) == (
        'channels_last'
    )
    assert faster_format(nn.Sequential(convolutions, attention)) == 'contiguous'
    model = build_model(task=TASK, memory_format='auto')
    assert all_channels_last(model.sr)
    assert all_channels_last(model.task)
    assert all_channels_last(build_model(task=TASK, fast=True).sr)
    chosen = build_model(task=TASK, fast=True, memory_format='contiguous')
    assert not all_channels_last(chosen.sr)
