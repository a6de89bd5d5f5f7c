# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmdet's choice of boxes with shapes that do not depend on what is found, for export.

What mmdet drops stays here with a score of 0, so an exported detector has as many rows for any
picture; those with a score are what mmdet predicts.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import torch
from mmcv.ops import batched_nms
from mmdet.models.layers import multiclass_nms
from mmdet.models.roi_heads.roi_extractors import SingleRoIExtractor
from mmdet.models.utils import filter_scores_and_topk
from mmengine.config import ConfigDict
from torch import Tensor
from torchvision.ops import nms, roi_align

from sr4ir_mm.errors import ConfigError

from ..nets.bilinear_resize import resize, resize_by_matrices
from ..nets.torchvision_choice import choose_boxes

CANDIDATES = 5000
"""Boxes that enter a suppression at most, the best ones; its time grows with their square."""


@contextmanager
def fixed_shapes(net: Any) -> Iterator[None]:
    """Let a detector predict in shapes that its input's shape alone decides.

    Args:
        net (Any): A detector of mmdet, of one or two stages.
    """
    modules = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith(('mmdet.models', 'sr4ir_mm.models.nets'))
    ]
    with ExitStack() as stack:
        for original, stand_in in STAND_INS.items():
            for module in modules:
                if vars(module).get(original.__name__) is original:
                    stack.enter_context(patch.object(module, original.__name__, stand_in))
        stack.enter_context(patch.object(SingleRoIExtractor, 'forward', _extract))
        for head in net.modules():
            cfg: Any = getattr(head, 'test_cfg', None)
            if isinstance(cfg, dict) and cfg.get('min_bbox_size', -1) >= 0 and 'nms' in cfg:
                # mmdet would drop small boxes by themselves; here suppression does it, too.
                moved = ConfigDict(cfg, min_bbox_size=-1)
                moved.nms = ConfigDict(cfg['nms'], min_bbox_size=cfg['min_bbox_size'])
                stack.enter_context(patch.object(head, 'test_cfg', moved))
        if hasattr(net, 'roi_head'):
            # Masks are pasted one by one into the image.
            stack.enter_context(patch.object(type(net.roi_head), 'with_mask', False))
        if hasattr(net, 'rpn_head'):
            propose = _without_size(net.rpn_head.predict)
            stack.enter_context(patch.object(net.rpn_head, 'predict', propose))
        yield


def _without_size(predict: Callable) -> Callable:
    """Shrink proposals with a score of 0 to nothing, for the second stage gives new scores."""

    def propose(*args: Any, **kwargs: Any) -> Sequence:
        results = predict(*args, **kwargs)
        for result in results:
            result.bboxes = result.bboxes * (result.scores > 0)[:, None]
        return results

    return propose


def _filter(scores: Tensor, score_thr: float, topk: int, results: Any = None) -> tuple:
    """Stand in for mmdet's ``filter_scores_and_topk``."""
    flat = scores.flatten()
    flat = torch.where(flat > score_thr, flat, 0)
    flat, best = flat.topk(len(flat) if topk < 0 else min(topk, len(flat)))
    keep, labels = best // scores.shape[1], best % scores.shape[1]
    if isinstance(results, dict):
        results = {name: value[keep] for name, value in results.items()}
    elif isinstance(results, list):
        results = [value[keep] for value in results]
    elif results is not None:
        results = results[keep]
    return flat, labels, keep, results


def _suppress(
    boxes: Tensor, scores: Tensor, groups: Tensor, nms_cfg: dict, class_agnostic: bool = False
) -> tuple[Tensor, Tensor]:
    """Stand in for mmcv's ``batched_nms``, which also drops small boxes; see above."""
    if nms_cfg is None:
        scores, order = scores.topk(len(scores))
        return torch.cat([boxes[order], scores[:, None]], 1), order
    if nms_cfg.get('type', 'nms') != 'nms':
        raise ConfigError(
            f"A detector with test_cfg.nms.type={nms_cfg['type']!r} is not exported: only 'nms' is."
        )
    if nms_cfg.get('class_agnostic', class_agnostic):
        groups = torch.zeros_like(groups)
    if 'min_bbox_size' in nms_cfg:
        large = (boxes[:, 2:] - boxes[:, :2] > nms_cfg['min_bbox_size']).all(1)
        scores = torch.where(large, scores, 0)
    order, scores = _best(boxes, scores, groups, nms_cfg['iou_threshold'])
    return torch.cat([boxes[order], scores[:, None]], 1), order


def _multiclass(
    boxes: Tensor,
    scores: Tensor,
    score_thr: float,
    nms_cfg: dict,
    max_num: int = -1,
    score_factors: Tensor | None = None,
    return_inds: bool = False,
    box_dim: int = 4,
) -> tuple[Tensor, ...]:
    """Stand in for mmdet's ``multiclass_nms``; the last class is the background."""
    rows, classes = scores.shape[0], scores.shape[1] - 1
    boxes = boxes.view(rows, -1, box_dim).expand(-1, classes, -1).reshape(-1, box_dim)
    scores = scores[:, :-1]
    good = scores > score_thr
    if score_factors is not None:
        scores = scores * score_factors[:, None]
    scores = torch.where(good, scores, 0).flatten()
    labels = torch.arange(classes, device=scores.device).repeat(rows)
    # What comes of proposals without size, see above, has none either.
    found, keep = _suppress(boxes, scores, labels, ConfigDict(nms_cfg, min_bbox_size=0))
    if max_num > 0:
        found, keep = found[:max_num], keep[:max_num]
    return (found, labels[keep], keep) if return_inds else (found, labels[keep])


def _choose(
    boxes: Tensor, scores: Tensor, groups: Tensor, good: Tensor, cfg: ConfigDict
) -> tuple[Tensor, Tensor]:
    """Stand in for :func:`choose_boxes`."""
    least = cfg.nms.get('min_bbox_size', cfg.min_bbox_size)
    good = good & (boxes[:, 2:] - boxes[:, :2] >= least).all(1)
    keep, scores = _best(boxes, torch.where(good, scores, 0), groups, cfg.nms.iou_threshold)
    return keep[: cfg.max_per_img], scores[: cfg.max_per_img]


def _best(
    boxes: Tensor, scores: Tensor, groups: Tensor, iou_threshold: float
) -> tuple[Tensor, Tensor]:
    """Give the places of boxes, best first, and their scores, 0 for those that a better one covers.

    Boxes of different groups are moved apart.
    """
    scores, order = scores.topk(min(CANDIDATES, len(scores)))
    boxes, groups = boxes[order], groups[order]
    keep = nms(boxes + (groups.to(boxes) * (boxes.max() + 1))[:, None], scores, iou_threshold)
    kept = torch.zeros_like(scores, dtype=torch.bool).index_fill(0, keep, True)
    scores, best = torch.where(kept, scores, 0).topk(len(scores))
    return order[best], scores


def _extract(
    self: SingleRoIExtractor,
    feats: Sequence[Tensor],
    rois: Tensor,
    roi_scale_factor: float | None = None,
) -> Tensor:
    """Stand in for ``SingleRoIExtractor.forward``: pool on all levels, and take the right one."""
    levels = self.map_roi_levels(rois, len(feats))
    if roi_scale_factor is not None:
        rois = self.roi_rescale(rois, roi_scale_factor)
    pooled = []
    for level, (layer, feat) in enumerate(zip(self.roi_layers, feats, strict=True)):
        options = (layer.output_size, layer.spatial_scale, layer.sampling_ratio, layer.aligned)
        here = (levels == level)[:, None, None, None]
        pooled.append(torch.where(here, roi_align(feat, rois, *options), 0))
    return torch.stack(pooled).sum(0)


STAND_INS: dict[Callable, Callable] = {
    batched_nms: _suppress,
    choose_boxes: _choose,
    filter_scores_and_topk: _filter,
    multiclass_nms: _multiclass,
    resize: resize_by_matrices,
}
"""Functions whose results' shapes depend on what is found, or whose pixels on the runtime, and
what takes their place."""
