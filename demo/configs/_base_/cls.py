"""The textures and a narrow ResNet-18 of three stages, without an SR net."""

_base_ = [
    '../../../configs/_base_/default_runtime.py',
    '../../../configs/_base_/datasets/loaders.py',
    '../../../configs/_base_/models/sr4ir.py',
]

data_root = 'work_dirs/demo/data/'

_dataset = dict(
    _scope_='mmpretrain',
    type='CustomDataset',
    data_root=data_root + 'train',
    pipeline=[
        dict(type='sr4ir_mm.LoadImage'),
        dict(type='PackInputs', meta_keys=('img_path', 'ori_shape', 'img_shape')),
    ],
)

train_dataloader = dict(batch_size=32, num_workers=0, dataset=_dataset)
val_dataloader = test_dataloader = dict(
    batch_size=32, num_workers=0, dataset=dict(_dataset, data_root=data_root + 'val')
)
val_evaluator = [dict(type='mmpretrain.Accuracy', topk=(1,)), dict(type='PSNR')]
# LPIPS needs weights that may be missing, so training does without it.
test_evaluator = [*val_evaluator, dict(type='LPIPS')]
visualizer = dict(type='mmpretrain.UniversalVisualizer', vis_backends=_base_.vis_backends)

model = dict(
    cqmix=dict(grid=4),
    task=dict(
        type='mmpretrain.ImageClassifier',
        data_preprocessor=dict(
            type='mmpretrain.ClsDataPreprocessor', mean=[127.0] * 3, std=[64.0] * 3, to_rgb=True
        ),
        backbone=dict(
            type='ResNet',
            depth=18,
            stem_channels=16,
            base_channels=16,
            num_stages=3,
            strides=(1, 2, 2),
            dilations=(1, 1, 1),
            out_indices=(2,),
        ),
        neck=dict(type='GlobalAveragePooling'),
        head=dict(
            type='LinearClsHead',
            num_classes=5,
            in_channels=64,
            loss=dict(type='CrossEntropyLoss'),
        ),
    ),
)
default_hooks = dict(
    logger=dict(interval=25),
    checkpoint=dict(max_keep_ckpts=2),
    visualization=dict(draw=True, interval=100),
)
