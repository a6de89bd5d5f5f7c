# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The region proposals of the paper's detector (torchvision's)."""

from collections.abc import Sequence
from typing import Any

import torch
from mmdet.models.dense_heads import RPNHead
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData
from torch import Tensor

from sr4ir_mm.registry import MODELS

from .torchvision_choice import choose_boxes


@MODELS.register_module()
class TorchvisionRPNHead(RPNHead):
    """mmdet's head with torchvision's choice of proposals, which has a threshold for scores.

    Layers and losses are mmdet's. The settings for proposals have, beside mmdet's keys,
    ``score_thr``. Arguments are mmdet's.
    """

    def predict_by_feat(
        self,
        cls_scores: Sequence[Tensor],
        bbox_preds: Sequence[Tensor],
        score_factors: Sequence[Tensor] | None = None,
        batch_img_metas: Sequence[dict] = (),
        cfg: ConfigDict | None = None,
        **kwargs: Any,
    ) -> list[InstanceData]:
        """Choose the proposals, of all images at once but for the suppression.

        Args:
            cls_scores (Sequence[Tensor]): Objectness of each level, ``(N, A, H, W)``, logits.
            bbox_preds (Sequence[Tensor]): Regression of each level, ``(N, 4 * A, H, W)``.
            score_factors (Sequence[Tensor], optional): Of no meaning here. Defaults to None.
            batch_img_metas (Sequence[dict]): ``img_shape`` is an image's (height, width) without
                padding.
            cfg (ConfigDict, optional): ``nms_pre`` a level, ``score_thr``, ``min_bbox_size``,
                ``nms.iou_threshold`` and ``max_per_img``. Defaults to the test config.
            **kwargs: Of no meaning here.

        Returns:
            list[InstanceData]: Of each image ``bboxes`` ``(P, 4)`` in the resized image, ``scores``
            and ``labels`` ``(P,)``, best first.
        """
        cfg = self.test_cfg if cfg is None else cfg
        sizes = [maps.shape[-2:] for maps in cls_scores]
        anchors = self.prior_generator.grid_priors(
            sizes, dtype=cls_scores[0].dtype, device=cls_scores[0].device
        )
        found = []
        for level, maps in enumerate(zip(cls_scores, bbox_preds, anchors, strict=True)):
            logits, deltas, priors = maps
            # By logits, not by scores, which are alike where they come near to 1.
            logits = logits.detach().permute(0, 2, 3, 1).flatten(1)
            logits, best = logits.topk(min(cfg.nms_pre, logits.shape[1]))
            deltas = deltas.detach().permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, 4))
            deltas = deltas.take_along_dim(best[..., None], dim=1)
            found.append((logits, deltas, priors[best], torch.full_like(best, level)))
        logits, deltas, priors, levels = (torch.cat(parts, 1) for parts in zip(*found, strict=True))
        shapes = [meta['img_shape'][:2] for meta in batch_img_metas]
        boxes = self.bbox_coder.decode(priors, deltas, max_shape=shapes)
        scores = logits.sigmoid()
        results = []
        for image in zip(boxes, scores, levels, scores >= cfg.score_thr, strict=True):
            keep, chosen = choose_boxes(*image, cfg)
            labels = torch.zeros_like(keep)
            results.append(InstanceData(bboxes=image[0][keep], scores=chosen, labels=labels))
        return results
