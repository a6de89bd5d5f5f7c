"""PASCAL VOC2012 detection in COCO's form, 5717 / 5823 images, at native size.

python tools/dataset_converters/voc_to_coco.py data/VOCdevkit data/voc2012_coco
"""

_base_ = './loaders.py'

data_root = 'data/'
classes = (
    'aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow',
    'diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train',
    'tvmonitor',
)  # fmt: skip

_load = [dict(type='sr4ir_mm.LoadImage'), dict(type='LoadAnnotations', with_bbox=True)]
_pack = dict(type='PackDetInputs', meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape'))
_dataset = dict(
    _scope_='mmdet',
    type='CocoDataset',
    data_root=data_root,
    ann_file='voc2012_coco/instances_train.json',
    data_prefix=dict(img='VOCdevkit/VOC2012/JPEGImages/'),
    metainfo=dict(classes=classes),
    pipeline=[*_load, dict(type='RandomFlip', prob=0.5), _pack],
)

train_dataloader = dict(
    batch_size=16,
    batch_sampler=dict(type='AspectRatioBatchSampler', k=3),
    dataset=_dataset,
)
val_dataloader = dict(
    batch_size=1,
    dataset=dict(
        _dataset,
        ann_file='voc2012_coco/instances_val.json',
        test_mode=True,
        pipeline=[*_load, _pack],
    ),
)
test_dataloader = val_dataloader

val_evaluator = [
    dict(type='mmdet.CocoMetric', ann_file=data_root + 'voc2012_coco/instances_val.json'),
    *_base_.val_evaluator,
]
test_evaluator = val_evaluator
visualizer = dict(type='mmdet.DetLocalVisualizer', vis_backends=_base_.vis_backends)
