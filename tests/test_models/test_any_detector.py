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
from tests.utils.samples import (
    TINY_EDSR,
    build_model,
    det_batch,
    reached,
    run_phase,
    setting,
)
from tests.utils.tiny import CLASSES, RESNET

RESNET50 = dict(base_channels=8, init_cfg=None)
CHANNELS = [32, 64, 128, 256]
FPN = dict(in_channels=CHANNELS, out_channels=16)
RPN = dict(in_channels=16, feat_channels=16)
ROI = dict(
    bbox_roi_extractor=dict(out_channels=16), bbox_head=dict(in_channels=16, fc_out_channels=32)
)
ANY_SCORE = dict(test_cfg=dict(score_thr=0.0))
ANY_ROI_SCORE = dict(test_cfg=dict(rcnn=dict(score_thr=0.0)))
DENSE = dict(in_channels=16, feat_channels=16)
ATTENTION = dict(embed_dims=32)
DETR_LAYER = dict(self_attn_cfg=ATTENTION, ffn_cfg=dict(embed_dims=32, feedforward_channels=32))
# A list is replaced as a whole.
CASCADE_HEADS = [
    dict(
        type='Shared2FCBBoxHead',
        in_channels=16,
        fc_out_channels=32,
        num_classes=len(CLASSES),
        bbox_coder=dict(type='DeltaXYWHBBoxCoder', target_stds=stds),
        reg_class_agnostic=True,
        loss_cls=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0),
        loss_bbox=dict(type='SmoothL1Loss', beta=1.0, loss_weight=1.0),
    )
    for stds in ([0.1, 0.1, 0.2, 0.2], [0.05, 0.05, 0.1, 0.1], [0.033, 0.033, 0.067, 0.067])
]

# What the configs are narrowed by, and nothing else. GN of FCOS's head divides by 32.
DETECTORS = {
    'faster_rcnn/faster-rcnn_r50_fpn_1x_coco': dict(
        backbone=RESNET50, neck=FPN, rpn_head=RPN, roi_head=ROI, **ANY_ROI_SCORE
    ),
    'retinanet/retinanet_r50_fpn_1x_coco': dict(
        backbone=RESNET50, neck=FPN, bbox_head=DENSE, **ANY_SCORE
    ),
    'fcos/fcos_r50-caffe_fpn_gn-head_1x_coco': dict(
        backbone=RESNET50,
        neck=dict(in_channels=CHANNELS, out_channels=32),
        bbox_head=dict(in_channels=32, feat_channels=32),
        **ANY_SCORE,
    ),
    'rtmdet/rtmdet_tiny_8xb32-300e_coco': dict(
        backbone=dict(widen_factor=0.125, init_cfg=None),
        neck=dict(in_channels=[32, 64, 128], out_channels=32),
        bbox_head=dict(in_channels=32, feat_channels=32),
        # Before it is trained, its boxes may have no size.
        test_cfg=dict(score_thr=0.0, min_bbox_size=-1),
    ),
    'detr/detr_r50_8xb2-150e_coco': dict(
        num_queries=10,
        backbone=RESNET50,
        neck=dict(in_channels=CHANNELS[-1:], out_channels=32),
        encoder=dict(num_layers=1, layer_cfg=DETR_LAYER),
        decoder=dict(num_layers=2, layer_cfg=dict(DETR_LAYER, cross_attn_cfg=ATTENTION)),
        positional_encoding=dict(num_feats=16),
        bbox_head=dict(embed_dims=32),
        test_cfg=dict(max_per_img=10),
    ),
    'mask_rcnn/mask-rcnn_r50_fpn_1x_coco': dict(
        backbone=RESNET50,
        neck=FPN,
        rpn_head=RPN,
        roi_head=dict(
            ROI,
            mask_roi_extractor=dict(out_channels=16),
            mask_head=dict(in_channels=16, conv_out_channels=16),
        ),
        test_cfg=dict(rcnn=dict(score_thr=0.0, max_per_img=5)),
    ),
    'cascade_rcnn/cascade-rcnn_r50_fpn_1x_coco': dict(
        backbone=RESNET50,
        neck=FPN,
        rpn_head=RPN,
        roi_head=dict(bbox_roi_extractor=dict(out_channels=16), bbox_head=CASCADE_HEADS),
        **ANY_ROI_SCORE,
    ),
}


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
