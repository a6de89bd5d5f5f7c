# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Batches and models made on the spot, for tests that need no runner."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from mmengine.config import Config

from sr4ir_mm.engine import runner
from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.models import SR4IR
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import CLASSES, EDSR, ROOT, fcos

TINY_EDSR = dict(type='mmagic.EDSRNet', in_channels=3, out_channels=3, upscale_factor=4, **EDSR)
SIZES = ((64, 96), (50, 70))  # height, width; the scale does not divide the second


def det_batch(sizes: Sequence[tuple[int, int]] = SIZES, masks: bool = False) -> dict:
    """Make what a data loader gives to a detector: two objects in each image.

    Args:
        sizes (Sequence[tuple[int, int]]): Height and width of each image.
        masks (bool): Whether the objects have masks, too. Defaults to False.
    """
    from mmdet.structures import DetDataSample
    from mmdet.structures.mask import BitmapMasks
    from mmengine.structures import InstanceData

    generator = torch.Generator().manual_seed(0)
    inputs, samples = [], []
    for index, (height, width) in enumerate(sizes):
        inputs.append(torch.randint(0, 256, (3, height, width), generator=generator).byte())
        boxes = torch.tensor([[4, 4, width / 2, height / 2], [width / 3, 8, width - 2, height - 4]])
        instances = InstanceData(bboxes=boxes, labels=torch.arange(len(boxes)) % len(CLASSES))
        if masks:
            drawn = torch.zeros(len(boxes), height, width, dtype=torch.uint8)
            for mask, (x1, y1, x2, y2) in zip(drawn, boxes.long().tolist(), strict=True):
                mask[y1:y2, x1:x2] = 1
            instances.masks = BitmapMasks(drawn.numpy(), height, width)
        shape = dict(ori_shape=(height, width), img_shape=(height, width))
        sample = DetDataSample(metainfo=dict(img_id=index, img_path=f'{index}.png', **shape))
        sample.gt_instances = instances
        samples.append(sample)
    return dict(inputs=inputs, data_samples=samples)


def seg_batch(
    sizes: Sequence[tuple[int, int]] = SIZES, label_size: tuple[int, int] | None = None
) -> dict:
    """Make what a data loader gives to a segmentor: left and right half, a border to ignore.

    Args:
        sizes (Sequence[tuple[int, int]]): Height and width of each image.
        label_size (tuple[int, int], optional): Of the label maps, if not the images'.
    """
    from mmengine.structures import PixelData
    from mmseg.structures import SegDataSample

    generator = torch.Generator().manual_seed(0)
    inputs, samples = [], []
    for index, (height, width) in enumerate(sizes):
        inputs.append(torch.randint(0, 256, (3, height, width), generator=generator).byte())
        label = torch.zeros(1, *(label_size or (height, width)), dtype=torch.long)
        label[:, :, label.shape[-1] // 2 :] = 1
        label[:, :4] = 255
        shape = dict(ori_shape=(height, width), img_shape=(height, width))
        sample = SegDataSample(metainfo=dict(img_path=f'{index}.png', **shape))
        sample.gt_sem_seg = PixelData(data=label)
        samples.append(sample)
    return dict(inputs=inputs, data_samples=samples)


def cls_batch(size: tuple[int, int] = SIZES[0], number: int = 2) -> dict:
    """Make what a data loader gives to a classifier."""
    from mmpretrain.structures import DataSample

    generator = torch.Generator().manual_seed(0)
    shape = dict(ori_shape=size, img_shape=size)
    samples = [
        DataSample(metainfo=dict(img_path=f'{i}.png', **shape)).set_gt_label(i % len(CLASSES))
        for i in range(number)
    ]
    inputs = torch.randint(0, 256, (number, 3, *size), generator=generator).byte()
    return dict(inputs=list(inputs), data_samples=samples)


def build_model(**changes: Any) -> SR4IR:
    """Build SR4IR x4, in train mode: a tiny EDSR and a narrow FCOS, or what takes their place."""
    cfg = dict(type='SR4IR', task=fcos(), sr=TINY_EDSR, scale=4)
    torch.manual_seed(0)
    model = MODELS.build(cfg | changes)
    model.init_weights()
    return model.train()


def setting(name: str) -> list[dict]:
    """Load the phases of a setting of the project."""
    return Config.fromfile(ROOT / f'configs/_base_/settings/{name}.py').to_dict()['phases']


def run_phase(model: SR4IR, data: dict, phase: Mapping) -> dict[str, float]:
    """Compute a phase's losses and their gradients, and nothing else.

    Returns:
        dict[str, float]: The terms, and their sum as ``loss``.
    """
    model.zero_grad()
    phase = Phase.from_cfg(phase)
    values = runner.run_phase(model, phase, data)
    return values | {'loss': values.pop(phase.total)}


def phase_losses(model: SR4IR, data: dict, update: set[str], losses: Mapping) -> dict[str, Any]:
    """Compute a phase's terms, with their graph."""
    return model.batch(**data, update=update).terms(model.losses, losses)


def reached(net: torch.nn.Module) -> set[str]:
    """Name the parameters that have a gradient other than zero."""
    return {
        name
        for name, param in net.named_parameters()
        if param.grad is not None and param.grad.abs().sum() > 0
    }


def parameters(net: torch.nn.Module) -> set[str]:
    """Name all parameters."""
    return {name for name, _ in net.named_parameters()}
