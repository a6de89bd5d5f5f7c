"""SR4IR around a ResNet-18 with a fully-connected layer, for the 196 classes of Stanford Cars."""

_base_ = './sr4ir.py'

model = dict(
    init={'task.backbone': 'torchvision://resnet18.imagenet1k_v1'},
    cqmix=dict(grid=4),
    task=dict(
        type='mmpretrain.ImageClassifier',
        data_preprocessor=dict(
            type='mmpretrain.ClsDataPreprocessor',
            mean=[123.675, 116.28, 103.53],
            std=[58.395, 57.12, 57.375],
            to_rgb=True,
        ),
        backbone=dict(type='ResNet', depth=18, out_indices=(3,), style='pytorch'),
        neck=dict(type='GlobalAveragePooling'),
        head=dict(
            type='LinearClsHead',
            num_classes=196,
            in_channels=512,
            init_cfg=None,  # starts as PyTorch's layer, as in the authors' code
            loss=dict(type='CrossEntropyLoss', loss_weight=1.0),
        ),
    ),
)
