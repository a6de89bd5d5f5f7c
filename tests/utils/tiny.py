# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The project's own configs, shrunk: narrow nets, tiny images, no weights to download."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config
from PIL import Image

ROOT = Path(__file__).parents[2]
CLASSES = ('disc', 'square')


def make_coco(root: Path, num_images: int = 6, size: tuple[int, int] = (40, 56)) -> Path:
    """Write a COCO-style data set of noise images with a bright object each.

    Args:
        root (Path): Folder to make.
        num_images (int): Images; train and val share them. Defaults to 6.
        size (tuple[int, int]): Height and width. Defaults to (40, 56).
    """
    rng = np.random.default_rng(0)
    (root / 'images').mkdir(parents=True)
    images, annotations = [], []
    height, width = size
    for index in range(num_images):
        pixels = rng.integers(0, 128, (height, width, 3), dtype=np.uint8)
        x, y = (int(v) for v in rng.integers(0, (width // 2, height // 2)))
        box = [x, y, width // 2, height // 2]
        pixels[y : y + box[3], x : x + box[2]] += np.uint8(100)
        name = f'{index}.png'
        Image.fromarray(pixels).save(root / 'images' / name)
        images.append(dict(id=f'img_{index}', file_name=name, height=height, width=width))
        annotations.append(
            dict(
                id=index + 1,
                image_id=f'img_{index}',
                category_id=index % len(CLASSES) + 1,
                bbox=box,
                area=box[2] * box[3],
                iscrowd=0,
            )
        )
    categories = [dict(id=i + 1, name=name) for i, name in enumerate(CLASSES)]
    content = dict(images=images, annotations=annotations, categories=categories)
    (root / 'ann.json').write_text(json.dumps(content))
    return root


EDSR = dict(num_blocks=1, mid_channels=4)
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
    task: dict | None = None,
    **options: Any,
) -> Config:
    """Load a config of the project and shrink it.

    Args:
        data (Path): From :func:`make_coco` or, for other tasks, :func:`tiny_data.make_data`.
        work_dir (Path): Where the run writes.
        name (str): The config. Defaults to 'sr4ir/det_edsr_x4'.
        task (dict, optional): A task model in the place of the config's. Defaults to a narrow one.
        **options: Dotted config keys to set at last, with '__' for '.'.
    """
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py')
    cfg.work_dir = str(work_dir)
    cfg.launcher = 'none'
    cfg.sync_bn = None  # it needs GPUs
    kind = cfg.train_dataloader.dataset.type
    if cfg.model.task is not None:
        cfg.model.task = task or TASKS[kind]()
    cfg.model.init = None
    if cfg.model.get('sr') and cfg.model.sr.type == 'mmagic.EDSRNet':
        cfg.model.sr.update(EDSR)
    for loader in (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader):
        loader.num_workers = 0
        loader.pop('worker_init_fn', None)
        loader.batch_size = min(loader.batch_size, 2)
        _shrink_dataset(loader.dataset, data)
    metric = {
        'CocoDataset': dict(type='mmdet.CocoMetric', ann_file=str(data / 'ann.json')),
        'PascalVOCDataset': dict(type='mmseg.IoUMetric'),
        'sr4ir_mm.SortedStanfordCars': dict(type='mmpretrain.Accuracy'),
    }[kind]
    metrics = [dict(type='PSNR'), dict(type='SSIM')]
    cfg.val_evaluator = cfg.test_evaluator = metrics + ([metric] if cfg.model.task else [])
    cfg.train_cfg.max_epochs = 2
    cfg.train_cfg.val_interval = 100
    cfg.default_hooks.logger.interval = 1
    cfg.visualizer.vis_backends = []
    cfg.log_level = 'WARNING'
    # Schedules of two epochs in the place of thirty.
    for net in cfg.param_scheduler:
        cfg.param_scheduler[net] = [
            dict(type='LinearLR', start_factor=0.5, by_epoch=False, begin=0, end=3)
        ]
    for hook in cfg.get('custom_hooks', []):
        if hook.type == 'TDPWarmupHook':
            hook.begin = 1
    cfg.merge_from_dict({key.replace('__', '.'): value for key, value in options.items()})
    return cfg


TASKS = {
    'CocoDataset': fcos,
    'PascalVOCDataset': partial(fcn, num_classes=21),
    'sr4ir_mm.SortedStanfordCars': partial(resnet, num_classes=196),
}


def _shrink_dataset(dataset: Any, data: Path) -> None:
    """Read tiny images; those that are resized and cropped become 48 x 48."""
    if dataset.type == 'CocoDataset':
        dataset.update(data_root=str(data), ann_file='ann.json', data_prefix=dict(img='images/'))
        dataset.metainfo = dict(classes=CLASSES)
        return
    dataset.data_root = str(data / Path(dataset.data_root).relative_to('data'))
    for transform in dataset.pipeline:
        if 'size' in transform:
            transform.size = 56
        elif 'crop_size' in transform:
            transform.crop_size = (48, 48) if isinstance(transform.crop_size, tuple) else 48
