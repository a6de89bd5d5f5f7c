"""SR4IR around a Faster R-CNN with MobileNetV3-Large and a two-level FPN.

mmdet's own parts. What still differs from the paper's detector: no 800 / 1333 resize after SR,
trainable batch norm, mmdet's anchors, samplers and box losses.
"""

model = dict(
    type='SR4IR',
    # From scratch (init=None) keep the TDP warm-up: in eval mode, features of a MobileNetV3 vanish
    # until batch norm has learnt its statistics.
    init={
        'task.backbone': 'https://download.openmmlab.com/mmclassification/v0/mobilenet_v3/convert/'
        'mobilenet_v3_large-3ea3c186.pth'
    },
    compare_padded=True,  # PSNR and LPIPS on the padded image, as the reference
    data_preprocessor=dict(type='SRDataPreprocessor', pad_mode='reflect'),
    degradation=dict(type='BicubicDegradation', antialias=False, quantize=True),
    cqmix=dict(type='CQMix', grid=8, prob=0.5),
    losses=dict(tdp=dict(type='TDPLoss', layers=(0, 1), weights=(0.5, 0.5))),
    task=dict(
        cfg_path='mmdet::_base_/models/faster-rcnn_r50_fpn.py',
        num_classes=20,
        backbone=dict(
            _delete_=True,
            type='mmpretrain.MobileNetV3',
            arch='large',
            out_indices=(13, 16),
        ),
        neck=dict(in_channels=[160, 960], num_outs=3),
        rpn_head=dict(
            anchor_generator=dict(
                scales=[1, 2, 4, 8, 16], base_sizes=[32, 32, 32], strides=[32, 32, 64]
            ),
        ),
        roi_head=dict(
            bbox_roi_extractor=dict(
                roi_layer=dict(type='RoIAlign', output_size=7, sampling_ratio=2, aligned=False),
                featmap_strides=[32],
            ),
        ),
        test_cfg=dict(rcnn=dict(score_thr=0.05)),
    ),
)
