# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Detectors of mmdet, each from the library's own config, in SR4IR."""

import math

import pytest

from sr4ir_mm.models import SR4IR
from tests.utils.any_model import (
    cases,
    check_bfloat16,
    check_phases_of_sr4ir,
    check_task_loss_reaches_every_image,
)
from tests.utils.detectors import DETECTORS
from tests.utils.samples import (
    TINY_EDSR,
    build_model,
    det_batch,
    reached,
    run_phase,
    setting,
)
from tests.utils.tiny import CLASSES, RESNET


@pytest.fixture(scope='module', params=cases(DETECTORS))
def case(request: pytest.FixtureRequest) -> tuple[SR4IR, dict]:
    path = request.param
    task = dict(cfg_path=f'mmdet::{path}.py', num_classes=len(CLASSES), **DETECTORS[path])
    model = build_model(task=task, sr=TINY_EDSR)
    batch = det_batch(masks='mask_rcnn' in path)
    return model, model.data_preprocessor(batch, True)


def test_phases_of_sr4ir(case: tuple[SR4IR, dict]) -> None:
    assert len(check_phases_of_sr4ir(*case)) > 1


def test_bfloat16(case: tuple[SR4IR, dict]) -> None:
    check_bfloat16(*case)


def test_task_loss_reaches_every_image(case: tuple[SR4IR, dict]) -> None:
    check_task_loss_reaches_every_image(*case)


def test_predicts_boxes_in_data_samples(case: tuple[SR4IR, dict]) -> None:
    from mmdet.structures import DetDataSample

    model, data = case
    model.eval()
    results = model(**data, mode='predict')
    model.train()
    sizes = data['inputs']['sizes']
    for result, sample, (height, width) in zip(results, data['data_samples'], sizes, strict=True):
        assert isinstance(result, DetDataSample)
        assert result.img_id == sample.img_id
        found = result.pred_instances
        assert len(found) > 0
        assert found.bboxes.shape == (len(found), 4)
        assert found.bboxes.min() >= 0
        assert found.bboxes[:, 2].max() <= width
        assert found.bboxes[:, 3].max() <= height
        assert set(found.labels.tolist()) <= set(range(len(CLASSES)))
        if 'masks' in sample.gt_instances:
            assert found.masks.shape == (len(found), height, width)


def test_whole_model_may_be_given_as_a_dict_with_its_scope() -> None:
    strides = [4, 8, 16, 32, 64]
    task = dict(
        _scope_='mmdet',
        type='FCOS',
        data_preprocessor=dict(type='DetDataPreprocessor', pad_size_divisor=32),
        backbone=RESNET,
        neck=dict(type='FPN', in_channels=[8, 16, 32, 64], out_channels=8, num_outs=5),
        bbox_head=dict(
            type='FCOSHead', num_classes=2, in_channels=8, feat_channels=8, strides=strides,
            norm_cfg=None,
        ),
    )  # fmt: skip
    model = build_model(task=task)
    data = model.data_preprocessor(det_batch(), True)
    values = run_phase(model, data, setting('sr4ir')[1])
    assert math.isfinite(values['loss'])
    assert reached(model.task) >= {'neck.fpn_convs.0.conv.weight', 'bbox_head.conv_cls.weight'}
