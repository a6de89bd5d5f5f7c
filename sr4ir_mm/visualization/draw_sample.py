# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From tensors and data samples to annotated pictures."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from typing import Any

import cv2
import numpy as np
from mmengine.structures import BaseDataElement
from torch import Tensor


def to_uint8(image: Tensor) -> np.ndarray:
    """Turn ``(3, H, W)``, RGB, nominally in [0, 1], into ``(H, W, 3)``, RGB in 0..255."""
    # In place: the SR picture of a photograph is a gigabyte of floats.
    array = image.detach().float().mul(255).round_().clamp_(0, 255).byte()
    return array.permute(1, 2, 0).contiguous().cpu().numpy()


def enlarge(lr: np.ndarray, scale: int, height: int, width: int) -> np.ndarray:
    """Enlarge an LR image so that its pixels show, and cut it to its HR image's size.

    Args:
        lr (np.ndarray): ``(h, w, 3)``, RGB in 0..255.
        scale (int): The SR factor.
        height (int): Of the HR image, in pixels.
        width (int): Likewise.

    Returns:
        np.ndarray: ``(height, width, 3)``, RGB in 0..255.
    """
    large = cv2.resize(lr, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    return large[:height, :width]


def draw_sample(
    visualizer: Any,
    image: np.ndarray,
    sample: BaseDataElement,
    truth: bool,
    score_thr: float = 0.3,
) -> np.ndarray:
    """Draw predictions, or the ground truth, as the library does.

    Args:
        visualizer (Any): mmdet's, mmseg's or mmpretrain's.
        image (np.ndarray): ``(H, W, 3)``, RGB in 0..255.
        sample (BaseDataElement): A data sample, on the CPU.
        truth (bool): Whether to draw the ground truth; otherwise the predictions.
        score_thr (float): Least score of an object that is drawn. Defaults to 0.3.

    Returns:
        np.ndarray: ``(H, W, 3)``, RGB in 0..255.
    """
    with _draws_alone(visualizer):
        if hasattr(visualizer, 'visualize_cls'):  # mmpretrain has a method for each task
            return visualizer.visualize_cls(image, sample, draw_gt=truth, draw_pred=not truth)
        instances = sample.get('gt_instances')
        if instances is not None and hasattr(instances.get('bboxes'), 'tensor'):
            # mmdet's pipelines wrap boxes, its visualizer takes tensors.
            instances.bboxes = instances.bboxes.tensor
        draw = visualizer.add_datasample
        takes_score = 'pred_score_thr' in signature(draw).parameters
        options = {'pred_score_thr': score_thr} if takes_score else {}
        visualizer.set_image(image)  # mmseg's keeps the last one where there is nothing to draw
        draw('panel', image, sample, draw_gt=truth, draw_pred=not truth, **options)
        return visualizer.get_image()


@contextmanager
def _draws_alone(visualizer: Any) -> Iterator[None]:
    """Let a visualizer draw; the libraries' would store each panel in their backends as well."""
    backends, visualizer._vis_backends = visualizer._vis_backends, {}
    try:
        with warnings.catch_warnings():
            # MMEngine takes boxes that end at the picture's border, as clipped ones do, for wrong.
            warnings.filterwarnings('ignore', r'Warning: The \w+ is out of bounds')
            yield
    finally:
        visualizer._vis_backends = backends
