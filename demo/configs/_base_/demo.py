"""What the demo changes in the project's configs: data, narrow nets, a short schedule.

Each config of the demo inherits one of the project's and takes these parts.
"""

demo_data = dict(data_root='work_dirs/demo/data/', metainfo=dict(classes=(
    'checker', 'columns', 'diagonal', 'dots', 'rows')))  # fmt: skip
demo_val = 'annotations/instances_val.json'
demo_cosine = dict(
    type='CosineAnnealingLR', by_epoch=True, convert_to_iter_based=True, eta_min=1e-6
)

demo = dict(
    train_dataloader=dict(
        batch_size=8,
        num_workers=0,
        dataset=dict(
            ann_file='annotations/instances_train.json', data_prefix=dict(img='train/'), **demo_data
        ),
    ),
    val_dataloader=dict(
        num_workers=0, dataset=dict(ann_file=demo_val, data_prefix=dict(img='val/'), **demo_data)
    ),
    # LPIPS needs weights that may be missing, so training does without it.
    val_evaluator=[
        dict(type='mmdet.CocoMetric', ann_file=demo_data['data_root'] + demo_val),
        dict(type='PSNR'),
    ],
    test_evaluator=[
        dict(type='mmdet.CocoMetric', ann_file=demo_data['data_root'] + demo_val),
        dict(type='PSNR'),
        dict(type='LPIPS'),
    ],
    model=dict(
        init=None,
        losses=dict(tdp=dict(layers=(0, 1))),
        # Any config of mmdet would do; this one is made narrow for two cores.
        task=dict(
            _delete_=True,
            cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
            num_classes=5,
            backbone=dict(init_cfg=None, base_channels=16, frozen_stages=-1, norm_eval=False),
            neck=dict(in_channels=[16, 32, 64, 128], out_channels=48),
            bbox_head=dict(in_channels=48, feat_channels=48, stacked_convs=2),
        ),
    ),
    sr=dict(num_blocks=4, mid_channels=24),
    optim_wrapper=dict(
        sr=dict(optimizer=dict(lr=5e-4)),
        task=dict(
            optimizer=dict(_delete_=True, type='AdamW', lr=1e-3, weight_decay=1e-4),
            clip_grad=dict(max_norm=10.0),
        ),
    ),
    param_scheduler=dict(_delete_=True, sr=[demo_cosine], task=[demo_cosine]),
    train_cfg=dict(max_epochs=10, val_interval=100),
    default_hooks=dict(
        logger=dict(interval=19), checkpoint=dict(max_keep_ckpts=2),
        visualization=dict(draw=True, interval=20),
    ),
)  # fmt: skip
