# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR, SR and HR pictures of a prediction."""

from typing import Any

import cv2
import numpy as np
from mmengine.structures import BaseDataElement

from .draw_sample import draw_sample, enlarge, to_uint8


def plain_panels(sample: BaseDataElement, scale: int) -> dict[str, np.ndarray]:
    """Give the images of a prediction, all of HR size.

    Args:
        sample (BaseDataElement): A prediction of SR4IR, on the CPU.
        scale (int): The SR factor.

    Returns:
        dict[str, np.ndarray]: ``lr``, enlarged so that its pixels show, ``sr``, ``hr``, those that
            there are, each ``(H, W, 3)``, RGB in 0..255.
    """
    height, width = sample.hr_shape
    images = {}
    if 'lr' in sample:
        images['lr'] = enlarge(to_uint8(sample.lr), scale, height, width)
    for name in ('sr', 'hr'):
        if name in sample:
            images[name] = to_uint8(sample.get(name)[:, :height, :width])
    return images


def in_prediction_frame(image: np.ndarray, sample: BaseDataElement) -> np.ndarray:
    """Resize a picture of HR size to the one that boxes and label maps are in pixels of."""
    if 'pred_instances' not in sample and 'pred_sem_seg' not in sample:
        return image
    height, width = sample.ori_shape[:2]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST)


def side_by_side(
    sample: BaseDataElement, scale: int, visualizer: Any, score_thr: float = 0.3
) -> np.ndarray:
    """Put LR, SR with the predictions and HR with the ground truth side by side.

    Args:
        sample (BaseDataElement): A prediction of SR4IR, on the CPU.
        scale (int): The SR factor.
        visualizer (Any): mmdet's, mmseg's or mmpretrain's.
        score_thr (float): Least score of an object that is drawn. Defaults to 0.3.

    Returns:
        np.ndarray: ``(H, n * W, 3)``, RGB in 0..255, of the n images that there are.
    """
    images = {
        name: in_prediction_frame(image, sample)
        for name, image in plain_panels(sample, scale).items()
    }
    for name, truth in (('sr', False), ('hr', True)):
        if name in images:
            images[name] = draw_sample(visualizer, images[name], sample, truth, score_thr)
    return np.concatenate(list(images.values()), axis=1)
