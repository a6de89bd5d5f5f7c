# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images of one size are prepared together: same results, and no more kernels for more images."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from sr4ir_mm.models import SR4IR
from tests.utils.samples import build_model, cls_batch, det_batch, run_phase, seg_batch, setting
from tests.utils.tiny import fcn, fcos, resnet

SIZE = (48, 40)
RESIZE = dict(
    _delete_=True,
    type='sr4ir_mm.ResizeDetDataPreprocessor',
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    min_size=64,
    max_size=100,
    pad_size_divisor=32,
)
TASKS: dict[str, tuple[dict, Callable[[int], dict]]] = {
    'cls': (resnet(num_classes=2), lambda n: cls_batch(SIZE, n)),
    'det': (fcos(), lambda n: det_batch([SIZE] * n)),
    'det_resized': (fcos(data_preprocessor=RESIZE), lambda n: det_batch([SIZE] * n)),
    'seg': (fcn(num_classes=2), lambda n: seg_batch([SIZE] * n)),
    'seg_padded': (
        fcn(num_classes=2) | dict(data_preprocessor=dict(size_divisor=32)),
        lambda n: seg_batch([SIZE] * n),
    ),
}


class CountKernels(TorchDispatchMode):
    """Count operations that compute; views launch nothing."""

    number = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        self.number += not func.is_view
        return func(*args, **(kwargs or {}))


def build(name: str) -> SR4IR:
    return build_model(task=TASKS[name][0])


def prepared(model: SR4IR, images: Tensor | list[Tensor], data: dict, training: bool) -> dict:
    adapter = model.adapter('task')
    samples = adapter.copy(data['data_samples'])
    return adapter.preprocess(images, samples, training)


@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('name', TASKS)
def test_same_as_one_by_one(name: str, training: bool) -> None:
    model, data = build(name), TASKS[name][1](3)
    images = torch.rand(3, 3, *SIZE)
    outcomes = []
    for batch in (images.clone().requires_grad_(), images.clone().requires_grad_()):
        as_list = bool(outcomes)
        result = prepared(model, list(batch) if as_list else batch, data, training)
        weights = torch.linspace(-1, 1, result['inputs'].numel())
        (result['inputs'].flatten() * weights).sum().backward()
        outcomes.append((result, batch.grad))
    (together, grad), (single, expected) = outcomes
    torch.testing.assert_close(together['inputs'], single['inputs'], atol=0, rtol=0)
    torch.testing.assert_close(grad, expected, atol=0, rtol=0)
    for first, second in zip(together['data_samples'], single['data_samples'], strict=True):
        assert first.metainfo == second.metainfo
        assert first.keys() == second.keys()
        if 'gt_sem_seg' in first:
            assert torch.equal(first.gt_sem_seg.data, second.gt_sem_seg.data)
        if 'gt_instances' in first:
            boxes = (
                getattr(s.gt_instances.bboxes, 'tensor', s.gt_instances.bboxes)
                for s in (first, second)
            )
            assert torch.equal(*boxes)


def test_label_maps_of_the_data_set_stay() -> None:
    model, data = build('seg_padded'), TASKS['seg_padded'][1](2)
    before = [sample.gt_sem_seg.data.clone() for sample in data['data_samples']]
    result = prepared(model, torch.rand(2, 3, *SIZE), data, True)
    assert result['data_samples'][0].gt_sem_seg.shape == (64, 64)
    for sample, label in zip(data['data_samples'], before, strict=True):
        assert torch.equal(sample.gt_sem_seg.data, label)


@pytest.mark.parametrize('name', ['cls', 'seg', 'seg_padded'])
def test_kernels_do_not_grow_with_the_batch(name: str) -> None:
    model = build(name)
    numbers = []
    for size in (2, 8):
        data = TASKS[name][1](size)
        with CountKernels() as counter:
            data = model.data_preprocessor(data, True)
            for phase in setting('sr4ir'):
                run_phase(model, data, phase)
        numbers.append(counter.number)
    assert numbers[0] > 500  # it counts
    assert numbers[1] == pytest.approx(numbers[0], rel=0.02), numbers
