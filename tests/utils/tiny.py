# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The project's own configs, shrunk: narrow nets, tiny images, no weights to download."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config, ConfigDict
from torchvision.models.vgg import cfgs, make_layers

ROOT = Path(__file__).parents[2]
CLASSES = ('disc', 'square')


EDSR = dict(num_blocks=1, mid_channels=4)
SWINIR = dict(depths=[1], num_heads=[1], embed_dim=8)
RESNET = dict(
    type='ResNet',
    depth=18,
    base_channels=8,
    num_stages=4,
    out_indices=(0, 1, 2, 3),
    frozen_stages=1,
    norm_cfg=dict(type='BN', requires_grad=True),
    norm_eval=True,
    style='pytorch',
)


def fcos(**kwargs: Any) -> dict:
    """Give a narrow FCOS, which samples nothing and averages over all processes."""
    return dict(
        cfg_path='mmdet::fcos/fcos_r50-caffe_fpn_gn-head_1x_coco.py',
        num_classes=len(CLASSES),
        backbone=dict(_delete_=True, **RESNET),
        neck=dict(in_channels=[8, 16, 32, 64], out_channels=8),
        bbox_head=dict(
            in_channels=8,
            feat_channels=8,
            stacked_convs=1,
            norm_cfg=dict(type='GN', num_groups=2, requires_grad=True),
        ),
        **kwargs,
    )


def fcn(**kwargs: Any) -> dict:
    """Give a narrow FCN for segmentation, which neither drops out nor learns statistics."""
    bn = dict(type='BN', requires_grad=True)
    head = dict(channels=8, num_convs=1, norm_cfg=None, dropout_ratio=0.0)
    return dict(
        cfg_path='mmseg::_base_/models/fcn_r50-d8.py',
        data_preprocessor=dict(size_divisor=1),
        pretrained=None,
        backbone=dict(_delete_=True, **dict(RESNET, norm_cfg=bn)),
        decode_head=dict(head, in_channels=64),
        auxiliary_head=dict(head, in_channels=32),
        **kwargs,
    )


def resnet(**kwargs: Any) -> dict:
    """Give a narrow ResNet-18 for classification, which learns no statistics."""
    return dict(
        cfg_path='mmpretrain::resnet/resnet18_8xb32_in1k.py',
        backbone=dict(base_channels=8, norm_eval=True),
        head=dict(in_channels=64, topk=(1,)),
        **kwargs,
    )


def tiny_config(
    data: Path,
    work_dir: Path,
    name: str = 'sr4ir/det_edsr_x4',
    task: str = 'narrow',
    val: bool = True,
    **options: Any,
) -> Config:
    """Load a config of the project and shrink it: two epochs on tiny images, a narrow SR net.

    Args:
        data (Path): From :func:`tiny_data.make_data` or, for narrow detectors of two classes,
            from :func:`tiny_data.make_coco`.
        work_dir (Path): Where the run writes.
        name (str): The config. Defaults to 'sr4ir/det_edsr_x4'.
        task (str): 'narrow' for narrow task nets, a schedule of two epochs and TDP from the second;
            'own' to keep the config's own, with TDP from the start. Defaults to 'narrow'.
        val (bool): Whether the run is validated, without LPIPS. Defaults to True.
        **options: Dotted config keys to set at last, with '__' for '.'.
    """
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py')
    cfg.work_dir = str(work_dir)
    cfg.launcher = 'none'
    cfg.sync_bn = None  # it needs GPUs
    cfg.visualizer.vis_backends = []
    cfg.log_level = 'ERROR'
    cfg.default_hooks.logger.interval = 1
    cfg.default_hooks.pop('dry_run')  # a tenth of such a run; where it matters it is put back
    cfg.train_cfg.update(max_epochs=2, val_interval=100)
    kind = cfg.train_dataloader.dataset.type
    for split in ('train', 'val', 'test'):
        _shrink_loader(cfg[f'{split}_dataloader'], data)
    if val:
        metrics = [metric for metric in cfg.val_evaluator if metric.type != 'LPIPS']
        for metric in metrics:
            if 'ann_file' in metric:
                metric.ann_file = str(data / cfg.val_dataloader.dataset.ann_file)
        cfg.val_evaluator = cfg.test_evaluator = metrics
    else:
        for key in ('dataloader', 'cfg', 'evaluator'):
            cfg.pop(f'val_{key}'), cfg.pop(f'test_{key}')
    _shrink_nets(cfg.model, TASKS[kind] if task == 'narrow' else None, Path(work_dir).parent)
    if kind == 'CustomDataset' and cfg.model.task:  # as many folders as images
        cfg.model.task.head.num_classes = 2
    if task == 'narrow':
        for net in cfg.param_scheduler:
            cfg.param_scheduler[net] = [
                dict(type='LinearLR', start_factor=0.5, by_epoch=False, begin=0, end=3)
            ]
    for hook in cfg.get('custom_hooks', []):
        hook.begin = int(task == 'narrow')
    cfg.merge_from_dict({key.replace('__', '.'): value for key, value in options.items()})
    return cfg


TASKS = {
    'CocoDataset': fcos,
    'PascalVOCDataset': partial(fcn, num_classes=21),
    'sr4ir_mm.SortedStanfordCars': partial(resnet, num_classes=196),
}


def _shrink_loader(loader: ConfigDict, data: Path) -> None:
    """Read tiny images in this process; those that are resized and cropped become 48 x 48."""
    loader.update(num_workers=0, batch_size=min(loader.batch_size, 2))
    loader.pop('worker_init_fn', None)
    dataset = loader.dataset
    if (data / 'ann.json').is_file():
        dataset.update(data_root=str(data), ann_file='ann.json', data_prefix=dict(img='images/'))
        dataset.metainfo = dict(classes=CLASSES)
    else:
        dataset.data_root = str(data / Path(dataset.data_root).relative_to('data'))
    for transform in dataset.pipeline:
        if 'size' in transform:
            transform.size = 56
        elif transform.type == 'Resize':
            transform.scale = (1000, 56)
        elif 'crop_size' in transform:
            transform.crop_size = (48, 48) if isinstance(transform.crop_size, tuple) else 48


def _shrink_nets(model: ConfigDict, make: Callable[[], dict] | None, folder: Path) -> None:
    """Narrow the SR net and, if there is something to make them by, the task nets."""
    model.init = None
    if model.get('sr'):
        net = model.sr.get('net', model.sr)
        net.update({'mmagic.EDSRNet': EDSR, 'mmagic.SwinIRNet': SWINIR}.get(net.type, {}))
    if 'vgg' in model.get('losses', {}):
        weights = str(save_vgg(folder / 'vgg.pth'))
        model.losses.vgg.update(vgg_type='vgg11', layer_weights={'2': 1.0}, weights=weights)
    if make is None:
        task = model.task or {}
        if task.get('backbone', {}).get('type', '').endswith('TIMMBackbone'):
            import_module('tests.utils.timm_stand_in')
            task.backbone.type = 'TimmStandIn'
        preprocessor = task.get('data_preprocessor', {})
        if 'min_size' in preprocessor:  # the detector's own resize
            preprocessor.update(min_size=64, max_size=96)
        return
    if model.task is not None:
        model.task = make()
    for name, net in model.get('extra_nets', {}).items():
        if net.type == 'MultiTaskDiscriminator':
            net.task = make()
            channels = net.task.get('neck', {}).get('out_channels')
            net.in_channels = channels or 8 * RESNET['base_channels']
        else:
            model.extra_nets[name] = make()


def save_vgg(path: Path) -> Path:
    """Write a random VGG11 as torchvision's state dict, without its classifier."""
    torch.manual_seed(0)
    layers = make_layers(cfgs['A'])
    torch.save({f'features.{key}': value for key, value in layers.state_dict().items()}, path)
    return path
