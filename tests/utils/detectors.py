# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Configs of mmdet's detectors, and what makes them narrow."""

from tests.utils.tiny import CLASSES

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
