# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A batch of the sizes that a config trains on, made of nothing."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from mmengine.config import Config
from mmengine.structures import InstanceData, PixelData
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

VOC = ((375, 500), (333, 500))
"""Usual sizes (height, width) where nothing is cropped; batches hold images of alike aspect."""
OBJECTS = 3
"""Boxes in each image."""


def make_batch(cfg: Config, model: Any, batch_size: int) -> dict:
    """Make what the data loader would give.

    Args:
        cfg (Config): Its pipeline tells the size of crops.
        model (Any): The algorithm; its task model tells the number of classes.
        batch_size (int): N.

    Returns:
        dict: ``inputs``, N images ``(3, H, W)`` of 8 bits, and ``data_samples`` with targets.
    """
    generator = torch.Generator().manual_seed(0)
    crop, scope = _crop(cfg), cfg.train_dataloader.dataset['_scope_']
    classes = max(getattr(module, 'num_classes', None) or 0 for module in model.task.modules())
    inputs, samples = [], []
    for index in range(batch_size):
        height, width = crop or VOC[index % len(VOC)]
        # Smooth, as pictures are.
        coarse = torch.rand(1, 3, height // 8, width // 8, generator=generator)
        image = F.interpolate(coarse, (height, width), mode='bicubic')[0]
        inputs.append((image * 255).clamp(0, 255).byte())
        sample = model.adapter('task').new_data_sample()
        sample.set_metainfo(dict(img_shape=(height, width), ori_shape=(height, width)))
        if scope == 'mmseg':
            cells = torch.randint(0, classes, (1, 1, 15, 15), generator=generator).float()
            label = F.interpolate(cells, (height, width)).long()[0]
            label[:, :4] = 255
            sample.gt_sem_seg = PixelData(data=label)
        elif scope == 'mmdet':
            corners = torch.rand(OBJECTS, 2, generator=generator) / 2
            sides = 0.2 + torch.rand(OBJECTS, 2, generator=generator) * 0.3
            boxes = torch.cat([corners, corners + sides], 1) * torch.tensor([width, height] * 2)
            labels = torch.randint(0, classes, (OBJECTS,), generator=generator)
            sample.gt_instances = InstanceData(bboxes=boxes, labels=labels)
        else:
            sample.set_gt_label(int(torch.randint(0, classes, (1,), generator=generator)))
        samples.append(sample)
    return dict(inputs=inputs, data_samples=samples)


def _crop(cfg: Config) -> tuple[int, int] | None:
    """Give the size of training crops (height, width), if images are cropped."""
    for transform in cfg.train_dataloader.dataset.pipeline:
        size = transform.get('crop_size')
        if size is not None:
            return (size, size) if isinstance(size, int) else tuple(size)
    return None


@torch.no_grad()
def calibrate(task: nn.Module, extract: Callable[[], Any]) -> None:
    """Let batch norms, frozen ones too, take the statistics of a pass, as if the net were trained.

    At random, features of a deep net vanish in eval mode, to numbers that CPUs are slow with.

    Args:
        task (nn.Module): The task model.
        extract (Any): Runs a pass.
    """
    norms = [module for module in task.modules() if isinstance(module, _NormBase)]
    handles = [norm.register_forward_pre_hook(_take_statistics) for norm in norms]
    extract()
    for handle in handles:
        handle.remove()


def _take_statistics(norm: Any, inputs: tuple[Tensor]) -> None:
    values = inputs[0].transpose(0, 1).flatten(1)
    norm.running_mean.copy_(values.mean(1))
    norm.running_var.copy_(values.var(1, unbiased=False))
