# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Without statistics, losses are the same, and no accuracy is computed."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from mmdet.models.losses import accuracy as mmdet_accuracy
from mmseg.models.losses import accuracy as mmseg_accuracy
from torch.utils._python_dispatch import TorchDispatchMode

from tests.utils.detectors import DETECTORS
from tests.utils.samples import build_model, cls_batch, det_batch, run_phase, seg_batch
from tests.utils.tiny import CLASSES, fcn, resnet

PHASE = dict(update='task', losses=dict(task=dict(hr=1.0)))


class Calls(TorchDispatchMode):
    """The names of what is computed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        self.names.append(func.__name__)
        return func(*args, **(kwargs or {}))


def detector() -> dict:
    name = 'faster_rcnn/faster-rcnn_r50_fpn_1x_coco'
    return dict(cfg_path=f'mmdet::{name}.py', num_classes=len(CLASSES), **DETECTORS[name])


@pytest.mark.parametrize(
    ('task', 'make', 'statistic'),
    [
        (lambda: fcn(num_classes=len(CLASSES)), seg_batch, 'hr.decode.acc_seg'),
        (detector, det_batch, 'hr.acc'),
        (lambda: resnet(num_classes=len(CLASSES)), cls_batch, None),
    ],
)
def test_losses_are_the_same(
    task: Callable[[], dict], make: Callable[[], dict], statistic: str | None
) -> None:
    model = build_model(sr=None, task=task())
    values, calls = [], []
    for model.with_statistics in (True, False):
        torch.manual_seed(0)
        data = model.data_preprocessor(make(), True)
        with Calls() as seen:
            values.append(run_phase(model, data, PHASE))
        calls.append(seen.names)
    whole, alone = values
    if statistic:
        assert statistic in whole
        assert calls[0].count('topk.default') > calls[1].count('topk.default')
    assert alone == {name: value for name, value in whole.items() if 'loss' in name}


def test_the_libraries_are_left_as_they_were() -> None:
    model = build_model(sr=None, task=fcn(num_classes=len(CLASSES)))
    model.with_statistics = False
    run_phase(model, model.data_preprocessor(seg_batch(), True), PHASE)
    from mmdet.models.roi_heads.bbox_heads import bbox_head
    from mmseg.models.decode_heads import decode_head

    assert decode_head.accuracy is mmseg_accuracy
    assert bbox_head.accuracy is mmdet_accuracy
