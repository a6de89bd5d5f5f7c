"""Street scenes with label maps, short side 120, crops of 96 x 96.

SegFormer's head on EfficientNet-Lite0.

data/camvid/{images,annotations}/{train,val}; any such folders do: data_root of the data sets, their
metainfo, and model.task.decode_head.num_classes.
"""

_base_ = [
    '../../../_base_/default_runtime.py',
    '../../../_base_/datasets/loaders.py',
    '../../../_base_/models/sr4ir.py',
]

classes = (
    'sky', 'building', 'pole', 'road', 'pavement', 'tree', 'sign', 'fence', 'car', 'pedestrian',
    'bicyclist',
)  # fmt: skip
palette = [
    [128, 128, 128], [128, 0, 0], [192, 192, 128], [128, 64, 128], [60, 40, 222], [128, 128, 0],
    [192, 128, 128], [64, 64, 128], [64, 0, 128], [64, 64, 0], [0, 128, 192],
]  # fmt: skip

_load = [
    dict(type='sr4ir_mm.LoadImage'),
    dict(type='LoadAnnotations'),
    # Label maps are resized as well: the figures are at this size.
    dict(type='sr4ir_mm.ResizeShortSide', size=120),
]
_pack = dict(type='PackSegInputs', meta_keys=('img_path', 'ori_shape', 'img_shape'))
_dataset = dict(
    _scope_='mmseg',
    type='BaseSegDataset',
    data_root='data/camvid',
    data_prefix=dict(img_path='images/train', seg_map_path='annotations/train'),
    metainfo=dict(classes=classes, palette=palette),
    pipeline=[
        *_load,
        dict(type='RandomCrop', crop_size=(96, 96)),
        dict(type='RandomFlip', prob=0.5),
        _pack,
    ],
)

train_dataloader = dict(batch_size=16, num_workers=2, dataset=_dataset)
val_dataloader = test_dataloader = dict(
    batch_size=1,
    num_workers=2,
    dataset=dict(
        _dataset,
        data_prefix=dict(img_path='images/val', seg_map_path='annotations/val'),
        test_mode=True,
        pipeline=[*_load, _pack],
    ),
)
val_evaluator = [dict(type='mmseg.IoUMetric', iou_metrics=['mIoU']), dict(type='PSNR')]
test_evaluator = [*val_evaluator, dict(type='LPIPS')]
visualizer = dict(type='mmseg.SegLocalVisualizer', vis_backends=_base_.vis_backends)

model = dict(
    fast=True,
    cqmix=dict(grid=4),
    # What the head reads; it is not activated, and at the start 47 to 110 times as far as pixels.
    losses=dict(tdp=dict(layers=(0, 1, 2, 3), weights=(0.02,) * 4)),
    init={'task.backbone': 'weights/tf_efficientnet_lite0_in1k.pth'},
    task=dict(
        type='mmseg.EncoderDecoder',
        data_preprocessor=dict(
            type='SegDataPreProcessor',
            mean=[127.0] * 3,
            std=[128.0] * 3,
            bgr_to_rgb=True,
            pad_val=0,
            seg_pad_val=255,
            size_divisor=1,
        ),
        backbone=dict(
            type='mmpretrain.TIMMBackbone',
            model_name='tf_efficientnet_lite0',
            features_only=True,
            out_indices=(1, 2, 3, 4),
        ),
        decode_head=dict(
            type='SegformerHead',
            in_channels=[24, 40, 112, 320],
            in_index=[0, 1, 2, 3],
            channels=64,
            dropout_ratio=0.1,
            num_classes=11,
            norm_cfg=dict(type='BN'),
            loss_decode=dict(type='CrossEntropyLoss', avg_non_ignore=True),
        ),
        test_cfg=dict(mode='whole'),
    ),
)
