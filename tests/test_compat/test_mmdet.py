# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Heads of mmdet that cannot predict by themselves."""

import torch
from mmengine.config import ConfigDict

from sr4ir_mm.models.build_net import build_net


def test_a_head_without_a_module_for_its_loss_predicts() -> None:
    anchors = dict(
        type='SSDAnchorGenerator', strides=[8], ratios=[[2]], min_sizes=[8], max_sizes=[16]
    )
    coder = dict(type='DeltaXYWHBBoxCoder', target_means=[0.0] * 4, target_stds=[0.1] * 4)
    nms = dict(type='nms', iou_threshold=0.5)
    test_cfg = ConfigDict(nms=nms, score_thr=0.0, max_per_img=5)
    cfg = dict(
        type='mmdet.SSDHead',
        in_channels=(4,),
        num_classes=2,
        anchor_generator=anchors,
        bbox_coder=coder,
        test_cfg=test_cfg,
    )
    head, _ = build_net(cfg, 'model.task')
    meta = dict(img_shape=(32, 32), scale_factor=(1.0, 1.0))
    scores, boxes = head([torch.rand(1, 4, 4, 4)])
    found = head.predict_by_feat(scores, boxes, batch_img_metas=[meta])
    assert len(found[0]) == 5
