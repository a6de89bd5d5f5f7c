# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data samples with predictions: their frame, and the images that they carry."""

from collections.abc import Sequence

from mmengine.structures import BaseDataElement

from .phase_batch import PhaseBatch
from .task_adapters import TaskAdapter, copy_data_samples


def in_sr_frame(
    data_samples: Sequence[BaseDataElement],
    sizes: Sequence[tuple[int, int]],
    adapter: type[TaskAdapter] | None,
) -> list[BaseDataElement]:
    """Let predictions from LR images alone be in pixels of the SR images.

    Args:
        data_samples (Sequence[BaseDataElement]): Of the LR images; empty where there are none.
        sizes (Sequence[tuple[int, int]]): (height, width) of each SR image.
        adapter (type[TaskAdapter], optional): Of the task model, if there is one.

    Returns:
        list[BaseDataElement]: Copies, with the SR image's size in place of the LR image's.
    """
    if data_samples:
        samples = copy_data_samples(data_samples)
    else:
        samples = [adapter.new_data_sample() if adapter else BaseDataElement() for _ in sizes]
    for sample, size in zip(samples, sizes, strict=True):
        sample.set_metainfo(dict(ori_shape=size, img_shape=size))
    return samples


def add_images(
    samples: Sequence[BaseDataElement], batch: PhaseBatch, image: str, padded: bool
) -> None:
    """Add the images that metrics compare and visualizers draw.

    Args:
        samples (Sequence[BaseDataElement]): The predictions. They get ``sr``, what the task model
            saw, ``hr`` if there is one, ``(3, H_i, W_i)`` each, RGB, nominally in [0, 1]; ``lr``
            unless HR images were predicted on; ``hr_shape``, the (height, width) of the first two
            without padding.
        batch (PhaseBatch): The batch.
        image (str): The image type that the task model saw.
        padded (bool): Whether the first two keep the padding of the batch, where they are compared.
    """
    compared = 'hr' in batch.inputs
    give = batch.image if padded and compared else batch.crops
    named = {'sr': give(image)}
    if compared:
        named['hr'] = give('hr')
    if image != 'hr':
        named['lr'] = batch.image('lr')
    for name, images in named.items():
        for sample, value in zip(samples, images, strict=True):
            sample.set_data({name: value})
    for sample, size in zip(samples, batch.inputs['sizes'], strict=True):
        sample.set_metainfo(dict(hr_shape=size))
