"""The textures and a narrow RetinaNet, without an SR net."""

_base_ = '../../../configs/_base_/pairs/det.py'

data_root = 'work_dirs/demo/data/'
classes = ('checker', 'columns', 'diagonal', 'dots', 'rows')

_textures = dict(data_root=data_root, metainfo=dict(classes=classes))
_train, _val = 'annotations/instances_train.json', 'annotations/instances_val.json'

train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    dataset=dict(_textures, ann_file=_train, data_prefix=dict(img='train/')),
)
val_dataloader = test_dataloader = dict(
    num_workers=0, dataset=dict(_textures, ann_file=_val, data_prefix=dict(img='val/'))
)
val_evaluator = [dict(type='mmdet.CocoMetric', ann_file=data_root + _val), dict(type='PSNR')]
# LPIPS needs weights that may be missing, so training does without it.
test_evaluator = [*val_evaluator, dict(type='LPIPS')]
model = dict(
    init=None,
    # Any config of mmdet would do; this one is made narrow for two cores.
    task=dict(
        _delete_=True,
        cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
        num_classes=5,
        backbone=dict(init_cfg=None, base_channels=16, frozen_stages=-1, norm_eval=False),
        neck=dict(in_channels=[16, 32, 64, 128], out_channels=48),
        bbox_head=dict(in_channels=48, feat_channels=48, stacked_convs=2),
    ),
)
default_hooks = dict(
    logger=dict(interval=19),
    checkpoint=dict(max_keep_ckpts=2),
    visualization=dict(draw=True, interval=20),
)
