# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How both stages of the paper's detector choose among their boxes (as torchvision)."""

from mmengine.config import ConfigDict
from torch import Tensor
from torchvision.ops import batched_nms


def choose_boxes(
    boxes: Tensor, scores: Tensor, groups: Tensor, good: Tensor, cfg: ConfigDict
) -> tuple[Tensor, Tensor]:
    """Take good boxes that are large enough and unlike any better one of their group.

    Args:
        boxes (Tensor): ``(B, 4)``, x1, y1, x2, y2, pixels.
        scores (Tensor): ``(B,)``.
        groups (Tensor): ``(B,)``, labels or levels; boxes of different groups are never alike.
        good (Tensor): ``(B,)``, whether a box may be taken at all.
        cfg (ConfigDict): ``min_bbox_size``, ``nms.iou_threshold`` and ``max_per_img``.

    Returns:
        tuple[Tensor, Tensor]: The places of the chosen ``(D,)``, best first, and their scores.
    """
    large = (boxes[:, 2:] - boxes[:, :2] >= cfg.min_bbox_size).all(dim=1)
    keep = (good & large).nonzero()[:, 0]
    keep = keep[batched_nms(boxes[keep], scores[keep], groups[keep], cfg.nms.iou_threshold)]
    keep = keep[: cfg.max_per_img]
    return keep, scores[keep]
