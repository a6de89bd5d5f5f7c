# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Batch augmentations treat SR, HR and CQMix copies of a batch alike."""

import random

import numpy as np
import pytest
import torch
from mmengine.logging import MessageHub
from torch import nn

from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.same_draws import SameDraws, no_augments
from tests.utils.samples import (
    SIZES,
    TINY_EDSR,
    build_model,
    cls_batch,
    det_batch,
    phase_losses,
    setting,
)
from tests.utils.tiny import fcos


class Noise(nn.Module):
    """Adds random numbers of every source, and remembers how often it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def __call__(self) -> tuple:
        self.calls += 1
        return self.calls, random.random(), np.random.rand(), torch.rand(()).item()


def preprocessor(augment: object) -> nn.Module:
    module = nn.Module()
    module.batch_augments = augment
    return module


def test_later_calls_repeat_the_first() -> None:
    draws, module = SameDraws(), preprocessor(Noise())
    with draws(module):
        first = module.batch_augments()
    after = torch.rand(())
    with draws(module):
        second = module.batch_augments()
    assert second == first
    # What follows is drawn anew: dropout differs from pass to pass.
    assert torch.rand(()) != after


def test_the_next_batch_goes_on_from_there() -> None:
    module = preprocessor(Noise())
    seen = []
    for _ in range(2):
        draws = SameDraws()
        for _ in range(3):
            with draws(module):
                seen.append(module.batch_augments())
    assert [call for call, *_ in seen] == [1, 1, 1, 2, 2, 2]
    assert seen[3][1:] != seen[0][1:]


@pytest.mark.parametrize('augment', [None, nn.ModuleList()])
def test_without_augmentations_nothing_is_touched(augment: nn.Module | None) -> None:
    draws, module = SameDraws(), preprocessor(augment)
    torch.manual_seed(0)
    values = []
    for _ in range(2):
        with draws(module):
            values.append(torch.rand(()))
    torch.manual_seed(0)
    assert values == [torch.rand(()), torch.rand(())]


def test_augmentations_are_off_for_a_while() -> None:
    module = preprocessor(Noise())
    augment = module.batch_augments
    with no_augments(module):
        assert module.batch_augments is None
    assert module.batch_augments is augment


def preprocessed(model: SR4IR, batch: dict) -> list[dict]:
    """What the task model gets for each image type of one batch of SR4IR's second phase."""
    data = model.data_preprocessor(batch, True)
    given = []
    original = model.task.forward

    def spy(inputs: torch.Tensor, data_samples: list, mode: str) -> dict:
        given.append(dict(inputs=inputs.detach(), data_samples=data_samples))
        return original(inputs, data_samples, mode=mode)

    model.task.forward = spy
    phase_losses(model, data, update={'task'}, losses=setting('sr4ir')[1]['losses'])
    del model.task.forward
    return given


def test_mixup_and_cutmix_mix_the_same_pairs() -> None:
    augments = [dict(type='Mixup', alpha=0.8), dict(type='CutMix', alpha=1.0)]
    task = dict(
        cfg_path='mmpretrain::resnet/resnet18_8xb32_in1k.py',
        num_classes=4,
        backbone=dict(base_channels=4),
        head=dict(in_channels=32, topk=(1,), loss=dict(use_soft=True)),
        train_cfg=dict(augments=augments),
    )
    model = build_model(task=task, sr=TINY_EDSR)
    seen = set()
    for _ in range(4):
        sr, hr, cqmix = preprocessed(model, cls_batch((32, 32), number=4))
        for other in (hr, cqmix):
            for one, two in zip(sr['data_samples'], other['data_samples'], strict=True):
                assert torch.equal(one.gt_score, two.gt_score)
        assert not torch.equal(sr['inputs'], hr['inputs'])
        seen.add(round(sr['data_samples'][0].gt_score.max().item(), 5))
    assert len(seen) > 1  # but each batch is mixed in its own way


def test_random_resize_of_a_detector_takes_one_size_a_batch() -> None:
    resize = dict(
        type='BatchSyncRandomResize', random_size_range=(32, 128), size_divisor=32, interval=1
    )
    task = fcos(data_preprocessor=dict(batch_augments=[resize]))
    model = build_model(task=task, sr=TINY_EDSR)
    sizes = []
    for iteration in range(6):
        MessageHub.get_current_instance().update_info('iter', iteration)
        given = preprocessed(model, det_batch([SIZES[0]] * 2))
        shapes = {tuple(data['inputs'].shape[-2:]) for data in given}
        assert len(shapes) == 1
        sizes += shapes
    assert len(set(sizes)) > 1


def test_features_are_those_of_whole_images() -> None:
    task = dict(
        cfg_path='mmpretrain::resnet/resnet18_8xb32_in1k.py',
        num_classes=2,
        backbone=dict(base_channels=4),
        head=dict(in_channels=32, topk=(1,), loss=dict(use_soft=True)),
        train_cfg=dict(augments=dict(type='Mixup', alpha=0.8)),
    )
    model = build_model(task=task, sr=None, scale=1)
    data = model.data_preprocessor(cls_batch((32, 32)), True)
    batch = model.batch(data['inputs'], data['data_samples'])
    model.eval()
    one, two = (batch.task.features('hr')[-1] for _ in range(2))
    assert torch.equal(one, two)
