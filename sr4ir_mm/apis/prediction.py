# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A data sample with predictions as plain Python, for JSON."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmengine.structures import BaseDataElement

TOP = 5
"""Classes that are listed of a classifier."""


def to_dict(sample: BaseDataElement, classes: Sequence[str], factor: int = 1) -> dict[str, Any]:
    """Turn predictions into plain types.

    Args:
        sample (BaseDataElement): With predictions in pixels of the SR image.
        classes (Sequence[str]): Their names.
        factor (int): Boxes, masks and label maps are divided by it; the scale gives them in pixels
            of the LR image. Defaults to 1.

    Returns:
        dict[str, Any]: Of a detector ``labels``, ``scores``, ``bboxes`` (x1, y1, x2, y2) and
            ``masks`` (run-length encoded, as COCO's); of a classifier ``pred_label``,
            ``pred_score``, ``pred_class``, ``pred_scores`` and ``top_k``, the five best of them
            with label, score and class; of a segmentor ``sem_seg``, an array ``(H, W)`` of labels,
            of 8 bits or, above 255, of 16. Empty without a task model.
    """
    sample = sample.cpu()
    if 'pred_instances' in sample:
        return _instances(sample.pred_instances, factor)
    if 'pred_sem_seg' in sample:
        labels = sample.pred_sem_seg.data[0].numpy()
        kind = np.uint8 if labels.max() < 256 else np.uint16
        return dict(sem_seg=shrink(labels.astype(kind), factor))
    if 'pred_score' in sample:
        return _scores(sample.pred_score.flatten().tolist(), classes)
    return {}


def shrink(array: np.ndarray, factor: int) -> np.ndarray:
    """Shrink a label map or mask by nearest neighbours: the value at the middle of each cell."""
    return array[factor // 2 :: factor, factor // 2 :: factor]


def _scores(scores: list[float], classes: Sequence[str]) -> dict[str, Any]:
    best = np.argsort(scores)[::-1][:TOP].tolist()
    top = [
        dict(label=label, score=scores[label]) | ({'class': classes[label]} if classes else {})
        for label in best
    ]
    named = {'pred_class': classes[best[0]]} if classes else {}
    first = dict(pred_label=best[0], pred_score=scores[best[0]], pred_scores=scores)
    return first | named | dict(top_k=top)


def _instances(instances: Any, factor: int) -> dict[str, Any]:
    result = dict(labels=instances.labels.tolist(), scores=instances.scores.tolist())
    if 'bboxes' in instances:
        boxes = getattr(instances.bboxes, 'tensor', instances.bboxes)
        result['bboxes'] = (boxes / factor).tolist()
    if 'masks' in instances:
        from pycocotools import mask

        masks = [shrink(part, factor) for part in np.asarray(instances.masks, np.uint8)]
        codes = [mask.encode(np.asfortranarray(part)) for part in masks]
        result['masks'] = [dict(code, counts=code['counts'].decode()) for code in codes]
    return result
