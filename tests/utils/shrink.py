# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The paper's configs with their own task nets, on tiny images for a single step."""

from pathlib import Path

import torch
from mmengine.config import Config
from torchvision.models.vgg import cfgs, make_layers

from tests.utils.tiny import EDSR

SWINIR = dict(depths=[1], num_heads=[1], embed_dim=8)
SIZES = {480: 64, 520: 72, 224: 64, 256: 72}


def shrink(cfg: Config, work_dir: Path) -> Config:
    """Shrink what costs time and keep all else."""
    cfg.work_dir = str(work_dir)
    cfg.experiment_name = work_dir.name
    cfg.model.init = None
    if cfg.model.get('sr'):
        cfg.model.sr.update({'EDSRNet': EDSR, 'SwinIRNet': SWINIR}.get(cfg.model.sr.type[7:], {}))
    preprocessor = (cfg.model.get('task') or {}).get('data_preprocessor', {})
    if 'min_size' in preprocessor:  # the detector's own resize
        preprocessor.update(min_size=64, max_size=96)
    if 'vgg' in cfg.model.get('losses', {}):
        save_vgg(work_dir.parent / 'vgg.pth')
        cfg.model.losses.vgg.update(
            vgg_type='vgg11', layer_weights={'2': 1.0}, weights=str(work_dir.parent / 'vgg.pth')
        )
    loader = cfg.train_dataloader
    loader.update(batch_size=2, num_workers=0)
    loader.pop('worker_init_fn')
    for transform in loader.dataset.pipeline:
        if 'size' in transform:
            transform.size = SIZES[transform.size]
        elif 'crop_size' in transform:
            transform.crop_size = (64, 64) if isinstance(transform.crop_size, tuple) else 64
    cfg.train_cfg.max_epochs = 1
    for key in ('val_dataloader', 'val_cfg', 'val_evaluator', 'test_dataloader', 'test_cfg'):
        cfg.pop(key)
    cfg.pop('test_evaluator')
    cfg.default_hooks.checkpoint = None
    for hook in cfg.get('custom_hooks', []):
        hook.begin = 0  # with the TDP loss from the start
    cfg.visualizer.vis_backends = []
    cfg.log_level = 'ERROR'
    return cfg


def save_vgg(path: Path) -> Path:
    """Write a random VGG11 as torchvision's state dict, without its classifier."""
    torch.manual_seed(0)
    layers = make_layers(cfgs['A'])
    torch.save({f'features.{key}': value for key, value in layers.state_dict().items()}, path)
    return path
