"""Pictures in a folder for each class, short side 120, crops of 112 x 112; EfficientNet-Lite0.

data/cars40/{train,val}/<class>/*.jpg; any such folders do: the data sets' data_root, and the number
of classes in model.task.head.num_classes.
"""

_base_ = [
    '../../../_base_/default_runtime.py',
    '../../../_base_/datasets/loaders.py',
    '../../../_base_/models/sr4ir.py',
]

_load = [dict(type='sr4ir_mm.LoadImage'), dict(type='sr4ir_mm.ResizeShortSide', size=120)]
_pack = dict(type='PackInputs', meta_keys=('img_path', 'ori_shape', 'img_shape'))
_dataset = dict(_scope_='mmpretrain', type='CustomDataset')

train_dataloader = dict(
    batch_size=32,
    num_workers=2,
    dataset=dict(
        _dataset,
        data_root='data/cars40/train',
        pipeline=[
            *_load,
            dict(type='RandomCrop', crop_size=112),
            dict(type='RandomFlip', prob=0.5),
            _pack,
        ],
    ),
)
val_dataloader = test_dataloader = dict(
    batch_size=32,
    num_workers=2,
    dataset=dict(
        _dataset,
        data_root='data/cars40/val',
        pipeline=[*_load, dict(type='CenterCrop', crop_size=112), _pack],
    ),
)
val_evaluator = [dict(type='mmpretrain.Accuracy', topk=(1,)), dict(type='PSNR')]
test_evaluator = [*val_evaluator, dict(type='LPIPS')]
visualizer = dict(type='mmpretrain.UniversalVisualizer', vis_backends=_base_.vis_backends)

model = dict(
    fast=True,
    cqmix=dict(grid=4),
    init={'task.backbone': 'weights/tf_efficientnet_lite0_in1k.pth'},
    task=dict(
        type='mmpretrain.ImageClassifier',
        data_preprocessor=dict(
            type='mmpretrain.ClsDataPreprocessor', mean=[127.0] * 3, std=[128.0] * 3, to_rgb=True
        ),
        backbone=dict(type='TIMMBackbone', model_name='tf_efficientnet_lite0'),
        neck=dict(type='GlobalAveragePooling'),
        head=dict(
            type='LinearClsHead',
            num_classes=40,
            in_channels=1280,
            init_cfg=None,
            loss=dict(type='CrossEntropyLoss'),
        ),
    ),
)
