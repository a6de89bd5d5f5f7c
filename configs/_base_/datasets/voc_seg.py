"""PASCAL VOC2012 segmentation, 1464 / 1449 images, short side 520; 480 x 480 crops to train on.

python tools/dataset_converters/prepare_voc.py VOCtrainval_11-May-2012.tar --out data/
"""

_base_ = './loaders.py'

_load = [
    dict(type='sr4ir_mm.LoadImage'),
    dict(type='LoadAnnotations'),
    # Label maps are resized as well: the paper measures at this size.
    dict(type='sr4ir_mm.ResizeShortSide', size=520),
]
_pack = dict(type='PackSegInputs', meta_keys=('img_path', 'ori_shape', 'img_shape'))
_dataset = dict(
    _scope_='mmseg',
    type='PascalVOCDataset',
    data_root='data/VOCdevkit/VOC2012',
    ann_file='ImageSets/Segmentation/train.txt',
    data_prefix=dict(img_path='JPEGImages', seg_map_path='SegmentationClass'),
    pipeline=[
        *_load,
        dict(type='RandomCrop', crop_size=(480, 480)),
        dict(type='RandomFlip', prob=0.5),
        _pack,
    ],
)

train_dataloader = dict(
    batch_size=16,
    dataset=_dataset,
)
val_dataloader = dict(
    batch_size=1,
    dataset=dict(
        _dataset,
        ann_file='ImageSets/Segmentation/val.txt',
        test_mode=True,
        pipeline=[*_load, _pack],
    ),
)
test_dataloader = val_dataloader

val_evaluator = [
    dict(type='mmseg.IoUMetric', iou_metrics=['mIoU']),
    *_base_.val_evaluator,
]
test_evaluator = val_evaluator
visualizer = dict(type='mmseg.SegLocalVisualizer', vis_backends=_base_.vis_backends)
