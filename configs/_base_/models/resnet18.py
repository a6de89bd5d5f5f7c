"""SR4IR around a ResNet-18 with a fully-connected layer, for the 196 classes of Stanford Cars."""

model = dict(
    type='SR4IR',
    init={'task.backbone': 'torchvision://resnet18.imagenet1k_v1'},
    data_preprocessor=dict(type='SRDataPreprocessor', pad_mode='replicate'),
    degradation=dict(type='BicubicDegradation', antialias=False, quantize=True),
    cqmix=dict(type='CQMix', grid=4, prob=0.5),
    losses=dict(tdp=dict(type='TDPLoss', layers=(-1,), weights=(1.0,))),
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
            init_cfg=None,  # starts as PyTorch's layer, as in the reference
            loss=dict(type='CrossEntropyLoss', loss_weight=1.0),
        ),
    ),
)
