# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmseg's preprocessor on a batch of one size, all images at once."""

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.structures import BaseDataElement, PixelData
from torch import Tensor, nn


def stackable(preprocessor: nn.Module, samples: Sequence[BaseDataElement], training: bool) -> bool:
    """Tell whether the functions below do what mmseg's preprocessor would.

    Args:
        preprocessor (nn.Module): The segmentor's.
        samples (Sequence[BaseDataElement]): Of the images.
        training (bool): Whether it would augment and pad.
    """
    if type(preprocessor).__name__ != 'SegDataPreProcessor':
        return False
    if not training:
        return not preprocessor.test_cfg  # which may pad
    labels = [sample.gt_sem_seg.data for sample in samples if 'gt_sem_seg' in sample]
    return (
        not preprocessor.batch_augments
        and len(labels) in (0, len(samples))
        and len({label.shape for label in labels}) <= 1
        and not any({'gt_edge_map', 'gt_depth_map'} & set(sample.keys()) for sample in samples)
    )


def normalize_stacked(preprocessor: Any, images: Tensor) -> Tensor:
    """Normalise; mmseg does it image by image.

    Args:
        preprocessor (Any): The segmentor's, a ``SegDataPreProcessor``.
        images (Tensor): ``(N, 3, H, W)``, BGR in [0, 255].
    """
    # mmseg 1.2 names it without an underscore.
    private = hasattr(preprocessor, '_channel_conversion')
    if getattr(preprocessor, '_channel_conversion' if private else 'channel_conversion'):
        images = images.flip(1)
    if preprocessor._enable_normalize:
        images = (images - preprocessor.mean) / preprocessor.std
    return images


def pad_stacked(preprocessor: Any, images: Tensor, samples: Sequence[BaseDataElement]) -> Tensor:
    """Pad for training; mmseg does it image by image.

    Its padding takes any number of channels, so a batch goes through it as a single image, and the
    label maps as one.

    Args:
        preprocessor (Any): The segmentor's, a ``SegDataPreProcessor``.
        images (Tensor): ``(N, 3, H, W)``, of :func:`normalize_stacked`.
        samples (Sequence[BaseDataElement]): Their data samples; written to.

    Returns:
        Tensor: ``(N, 3, H', W')``.
    """
    from mmseg.structures import SegDataSample
    from mmseg.utils import stack_batch

    together = SegDataSample()
    labels = [sample.gt_sem_seg.data for sample in samples if 'gt_sem_seg' in sample]
    if labels:
        together.gt_sem_seg = PixelData(data=torch.cat(labels).to(images.device))
    padded, _ = stack_batch(
        [images.flatten(0, 1)],
        [together],
        preprocessor.size,
        preprocessor.size_divisor,
        preprocessor.pad_val,
        preprocessor.seg_pad_val,
    )
    for index, sample in enumerate(samples):
        if labels:
            channels = labels[index].shape[0]
            del sample.gt_sem_seg.data  # it may change its size
            maps = together.gt_sem_seg.data
            sample.gt_sem_seg.data = maps[index * channels : (index + 1) * channels]
        sample.set_metainfo(together.metainfo)
    return padded[0].unflatten(0, (len(images), -1))
