# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A fast model back-propagates one image type after the other, to the same gradients."""

import weakref
from typing import Any

import pytest
import torch
from mmengine.optim import OptimWrapper
from torch import Tensor, nn

from sr4ir_mm.engine.runner import Phase, run_phase
from sr4ir_mm.errors import NonFiniteLossError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.phase_batch import PhaseBatch
from tests.utils.samples import build_model, det_batch, setting

SECOND = setting('sr4ir')[1]
MIXED = dict(update='task', losses=dict(tdp=dict(sr=0.5), task=dict(hr=1.0), pixel=dict(sr=1.0)))
JOINT = dict(update=('sr', 'task'), losses=dict(task=dict(hr=1.0, sr=1.0), pixel=dict(sr=1.0)))
SETTINGS = [SECOND, MIXED, dict(update='task', losses=dict(task=dict(hr=1.0), pixel=dict(sr=1.0)))]


def outcome(model: SR4IR, phase: dict) -> tuple[dict[str, float], dict[str, Tensor]]:
    """Give the values and the gradients of a phase, always from the same start."""
    model.zero_grad()
    torch.manual_seed(0)
    data = model.data_preprocessor(det_batch(), True)
    values = run_phase(model, Phase.from_cfg(phase), data)
    grads = {k: p.grad.clone() for k, p in model.named_parameters() if p.grad is not None}
    return values, grads


def count_passes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let each backward pass append its loss."""
    passes: list[float] = []
    backward = Tensor.backward

    def counted(loss: Tensor, *args: Any, **kwargs: Any) -> None:
        passes.append(loss.item())
        backward(loss, *args, **kwargs)

    monkeypatch.setattr(Tensor, 'backward', counted)
    return passes


@pytest.mark.parametrize('phase', [*SETTINGS, JOINT])
def test_parts_have_the_gradients_of_the_whole(phase: dict) -> None:
    model = build_model()
    values, grads = outcome(model, phase)
    model.fast = True
    in_parts, from_parts = outcome(model, phase)
    assert in_parts.keys() == values.keys()
    assert from_parts.keys() == grads.keys()
    assert in_parts == pytest.approx(values, rel=1e-5)
    for name, grad in grads.items():
        torch.testing.assert_close(from_parts[name], grad, atol=1e-6, rtol=1e-4, msg=name)


@pytest.mark.parametrize(('phase', 'number'), [(SECOND, 3), (setting('sr4ir')[0], 1), (JOINT, 1)])
def test_one_backward_pass_for_each_image_type(
    phase: dict, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_model()
    passes = count_passes(monkeypatch)
    outcome(model, phase)
    assert len(passes) == 1
    model.fast = True
    values, _ = outcome(model, phase)
    assert len(passes) == 1 + number
    assert sum(passes[1:]) == pytest.approx(values[Phase.from_cfg(phase).total], rel=1e-5)


@pytest.mark.parametrize('fast', [False, True])
def test_one_graph_at_a_time(fast: bool) -> None:
    model = build_model()
    model.fast = fast
    maps: list[weakref.ref] = []
    alive: list[int] = []

    def watch(net: nn.Module, args: tuple, outputs: Any) -> None:
        alive.append(sum(ref() is not None for ref in maps))
        maps.extend(weakref.ref(output) for output in outputs)

    model.task.backbone.register_forward_hook(watch)
    outcome(model, SECOND)
    levels = len(maps) // 3
    assert alive == ([0, 0, 0] if fast else [0, levels, 2 * levels])


def steps(fast: bool, amount: int, **options: Any) -> tuple[SR4IR, OptimWrapper]:
    """Train T for some batches."""
    model = build_model()
    model.fast = fast
    optimizer = torch.optim.SGD(model.task.parameters(), lr=0.01, momentum=0.9)
    wrapper = OptimWrapper(optimizer, **options)
    wrapper.initialize_count_status(model.task, 0, amount)
    for seed in range(amount):
        torch.manual_seed(seed)
        data = model.data_preprocessor(det_batch(), True)
        run_phase(model, Phase.from_cfg(SECOND), data, dict(task=wrapper))
    return model, wrapper


def test_accumulation_counts_batches_and_not_parts() -> None:
    options = dict(accumulative_counts=2, clip_grad=dict(max_norm=1.0))
    (whole, counts), (parts, counted) = (steps(fast, 5, **options) for fast in (False, True))
    assert counted._inner_count == counts._inner_count == 5
    start = build_model().task.state_dict()
    expected = whole.task.state_dict()
    for name, value in parts.task.state_dict().items():
        torch.testing.assert_close(value, expected[name], atol=1e-5, rtol=0, msg=name)
    assert any((value - start[name]).abs().max() > 1e-3 for name, value in expected.items())


def test_a_broken_loss_of_the_first_part_steps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = PhaseBatch.terms

    def poisoned(batch: PhaseBatch, *args: Any) -> dict:
        terms = compute(batch, *args)
        return {k: v * float('nan') if k == 'sr.loss_cls' else v for k, v in terms.items()}

    monkeypatch.setattr(PhaseBatch, 'terms', poisoned)
    model = build_model()
    model.fast = True
    before = {name: param.clone() for name, param in model.task.named_parameters()}
    wrapper = OptimWrapper(torch.optim.SGD(model.task.parameters(), lr=0.1))
    data = model.data_preprocessor(det_batch(), True)
    with pytest.raises(NonFiniteLossError, match=r'sr\.loss_cls = nan'):
        run_phase(model, Phase.from_cfg(SECOND), data, dict(task=wrapper))
    for name, param in model.task.named_parameters():
        assert torch.equal(param, before[name]), name
        assert param.grad is None or not param.grad.any()
