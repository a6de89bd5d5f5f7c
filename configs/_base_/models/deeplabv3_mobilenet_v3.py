"""SR4IR around a DeepLabV3 on MobileNetV3-Large, output stride 16, with an auxiliary FCN head."""

_base_ = './sr4ir.py'

# With several GPUs, as in the authors' code.
sync_bn = 'torch'

model = dict(
    # From scratch (init=None) keep the TDP warm-up: in eval mode, features of a MobileNetV3 vanish
    # until batch norm has learnt its statistics.
    init={'task.backbone': 'torchvision://mobilenet_v3_large.imagenet1k_v1'},
    task=dict(
        type='mmseg.EncoderDecoder',
        data_preprocessor=dict(
            type='SegDataPreProcessor',
            mean=[123.675, 116.28, 103.53],
            std=[58.395, 57.12, 57.375],
            bgr_to_rgb=True,
            pad_val=0,
            seg_pad_val=255,
            size_divisor=1,
        ),
        backbone=dict(type='sr4ir_mm.DilatedMobileNetV3', out_indices=(4, 16)),
        decode_head=dict(
            type='sr4ir_mm.DeepLabV3Head',
            in_channels=960,
            in_index=1,
            channels=256,
            num_classes=21,
            loss_decode=dict(type='CrossEntropyLoss', avg_non_ignore=True),
        ),
        auxiliary_head=dict(
            type='sr4ir_mm.TorchvisionFCNHead',
            in_channels=40,
            in_index=0,
            channels=10,
            num_classes=21,
            loss_decode=dict(type='CrossEntropyLoss', loss_weight=0.5, avg_non_ignore=True),
        ),
        test_cfg=dict(mode='whole'),
    ),
)
