"""Photographs with boxes in COCO's form, short side 128; RetinaNet on EfficientNet-Lite0.

python tools/dataset_converters/voc_to_coco.py data/voc5 data/voc5 --classes car,person,cat,train,bus

Any such files do: data_root, ann_file and data_prefix of the data sets, their metainfo.classes,
ann_file of val_evaluator and test_evaluator (of the first metric), and model.task.num_classes.
"""  # noqa: E501 (one command, one line)

_base_ = [
    '../../../_base_/default_runtime.py',
    '../../../_base_/datasets/loaders.py',
    '../../../_base_/models/sr4ir.py',
]

data_root = 'data/voc5/'

_load = [
    dict(type='sr4ir_mm.LoadImage'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(1000, 128), keep_ratio=True, backend='pillow'),
]
_pack = dict(
    type='PackDetInputs',
    meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
)
_dataset = dict(
    _scope_='mmdet',
    type='CocoDataset',
    data_root=data_root,
    ann_file='instances_train.json',
    data_prefix=dict(img='VOCdevkit/VOC2012/JPEGImages/'),
    metainfo=dict(classes=('car', 'person', 'cat', 'train', 'bus')),
    pipeline=[*_load, dict(type='RandomFlip', prob=0.5), _pack],
)

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    batch_sampler=dict(type='AspectRatioBatchSampler', k=3),
    dataset=_dataset,
)
val_dataloader = test_dataloader = dict(
    batch_size=1,
    num_workers=2,
    dataset=dict(_dataset, ann_file='instances_val.json', test_mode=True, pipeline=[*_load, _pack]),
)
val_evaluator = [
    dict(type='mmdet.CocoMetric', ann_file=data_root + 'instances_val.json'),
    dict(type='PSNR'),
]
test_evaluator = [*val_evaluator, dict(type='LPIPS')]
visualizer = dict(type='mmdet.DetLocalVisualizer', vis_backends=_base_.vis_backends)

model = dict(
    fast=True,
    losses=dict(tdp=dict(layers=(0, 1, 2), weights=None)),
    init={'task.backbone': 'weights/tf_efficientnet_lite0_in1k.pth'},
    task=dict(
        cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
        num_classes=5,
        data_preprocessor=dict(mean=[127.0] * 3, std=[128.0] * 3),
        backbone=dict(
            _delete_=True,
            type='mmpretrain.TIMMBackbone',
            model_name='tf_efficientnet_lite0',
            features_only=True,
            out_indices=(2, 3, 4),
        ),
        neck=dict(in_channels=[40, 112, 320], out_channels=64, start_level=0, num_outs=4),
        bbox_head=dict(
            in_channels=64,
            feat_channels=64,
            stacked_convs=2,
            anchor_generator=dict(strides=[8, 16, 32, 64]),
        ),
    ),
)
