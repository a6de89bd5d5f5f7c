"""SR4IR around the paper's detector: Faster R-CNN with MobileNetV3-Large and a feature pyramid.

mmdet's parts with torchvision's details. Two levels have stride 32, a third one about 64; every
region is pooled from the first. Images are resized to 800 / 1333 pixels after super-resolution.
"""

_base_ = './sr4ir.py'

model = dict(
    # From scratch (init=None) the backbone stays at random where it is frozen.
    init={'task.backbone': 'torchvision://mobilenet_v3_large.imagenet1k_v1'},
    compare_padded=True,  # PSNR and LPIPS on the padded image, as in the authors' code
    data_preprocessor=dict(pad_mode='reflect'),
    losses=dict(tdp=dict(layers=(0, 1), weights=(0.5, 0.5))),
    task=dict(
        type='mmdet.FasterRCNN',
        data_preprocessor=dict(
            type='sr4ir_mm.ResizeDetDataPreprocessor',
            min_size=800,
            max_size=1333,
            mean=[123.675, 116.28, 103.53],
            std=[58.395, 57.12, 57.375],
            bgr_to_rgb=True,
            pad_size_divisor=32,
        ),
        backbone=dict(type='sr4ir_mm.FrozenMobileNetV3', out_indices=(13, 16), frozen_stages=6),
        neck=dict(
            type='FPN',
            in_channels=[160, 960],
            out_channels=256,
            num_outs=3,
            init_cfg=dict(type='Caffe2Xavier', layer='Conv2d'),
        ),
        rpn_head=dict(
            type='sr4ir_mm.TorchvisionRPNHead',
            in_channels=256,
            feat_channels=256,
            anchor_generator=dict(
                type='sr4ir_mm.TorchvisionAnchorGenerator',
                base_sizes=[1, 1, 1],
                scales=[32, 64, 128, 256, 512],
                ratios=[0.5, 1.0, 2.0],
                strides=[32, 32, 64],
            ),
            bbox_coder=dict(type='sr4ir_mm.TorchvisionBoxCoder'),
            loss_cls=dict(type='CrossEntropyLoss', use_sigmoid=True),
            loss_bbox=dict(type='SmoothL1Loss', beta=1 / 9),
        ),
        roi_head=dict(
            type='sr4ir_mm.TorchvisionRoIHead',
            bbox_roi_extractor=dict(
                type='SingleRoIExtractor',
                roi_layer=dict(
                    type='RoIAlign',
                    output_size=7,
                    sampling_ratio=2,
                    aligned=False,
                    use_torchvision=True,
                ),
                out_channels=256,
                featmap_strides=[32],
            ),
            bbox_head=dict(
                type='sr4ir_mm.TorchvisionBBoxHead',
                in_channels=256,
                fc_out_channels=1024,
                roi_feat_size=7,
                num_classes=20,
                bbox_coder=dict(
                    type='sr4ir_mm.TorchvisionBoxCoder', target_stds=[0.1, 0.1, 0.2, 0.2]
                ),
                loss_cls=dict(type='CrossEntropyLoss'),
                loss_bbox=dict(type='SmoothL1Loss', beta=1 / 9),
            ),
        ),
        train_cfg=dict(
            rpn=dict(
                assigner=dict(
                    type='sr4ir_mm.TorchvisionAssigner', pos_iou_thr=0.7, neg_iou_thr=0.3
                ),
                sampler=dict(
                    type='sr4ir_mm.TorchvisionSampler',
                    num=256,
                    pos_fraction=0.5,
                    add_gt_as_proposals=False,
                ),
                allowed_border=-1,
                pos_weight=-1,
            ),
            rpn_proposal=dict(
                nms_pre=2000,
                score_thr=0.05,
                min_bbox_size=1e-3,
                nms=dict(type='nms', iou_threshold=0.7),
                max_per_img=2000,
            ),
            rcnn=dict(
                assigner=dict(
                    type='MaxIoUAssigner',
                    pos_iou_thr=0.5,
                    neg_iou_thr=0.5,
                    match_low_quality=False,
                ),
                # The head itself adds the annotated boxes.
                sampler=dict(
                    type='RandomSampler', num=512, pos_fraction=0.25, add_gt_as_proposals=False
                ),
                pos_weight=-1,
            ),
        ),
        test_cfg=dict(
            rpn=dict(
                nms_pre=1000,
                score_thr=0.05,
                min_bbox_size=1e-3,
                nms=dict(type='nms', iou_threshold=0.7),
                max_per_img=1000,
            ),
            rcnn=dict(
                score_thr=0.05,
                min_bbox_size=1e-2,
                nms=dict(type='nms', iou_threshold=0.5),
                max_per_img=100,
            ),
        ),
    ),
)
