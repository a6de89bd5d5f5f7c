# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Annotations on an enlarged picture, so that lines are thin and labels readable."""

from typing import Any

import numpy as np
import torch
from mmengine.structures import BaseDataElement, PixelData
from torch import Tensor


def enlarge_sample(sample: BaseDataElement, factor: int) -> BaseDataElement:
    """Give predictions and ground truth in pixels of an enlarged picture.

    Args:
        sample (BaseDataElement): A data sample with boxes, masks or label maps, or none of them.
        factor (int): How many pixels a pixel becomes, in each direction.

    Returns:
        BaseDataElement: A copy.
    """
    copy = sample.clone()
    for name in ('pred_instances', 'gt_instances'):
        if name in sample:
            instances = sample.get(name).clone()
            if 'bboxes' in instances:
                boxes = instances.pop('bboxes')
                instances.bboxes = getattr(boxes, 'tensor', boxes) * factor
            if 'masks' in instances:
                instances.masks = _enlarge(_as_tensor(instances.pop('masks')), factor)
            setattr(copy, name, instances)
    for name in ('pred_sem_seg', 'gt_sem_seg'):
        if name in sample:
            setattr(copy, name, PixelData(data=_enlarge(sample.get(name).data, factor)))
    return copy


def _as_tensor(masks: Any) -> Tensor:
    """Turn mmdet's masks, whatever their kind, into ``(N, H, W)``."""
    if isinstance(masks, Tensor):
        return masks
    return torch.from_numpy(np.asarray(masks.to_ndarray()))


def _enlarge(maps: Tensor, factor: int) -> Tensor:
    return maps.repeat_interleave(factor, -2).repeat_interleave(factor, -1)
