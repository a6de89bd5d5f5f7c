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

    def _predict_by_feat_single(
        self,
        cls_score_list: Sequence[Tensor],
        bbox_pred_list: Sequence[Tensor],
        score_factor_list: Sequence[None],
        mlvl_priors: Sequence[Tensor],
        img_meta: dict,
        cfg: ConfigDict | None = None,
        **kwargs: Any,
    ) -> InstanceData:
        """Choose the proposals of one image.

        Args:
            cls_score_list (Sequence[Tensor]): Objectness of each level, ``(A, H, W)``, logits.
            bbox_pred_list (Sequence[Tensor]): Regression of each level, ``(4 * A, H, W)``.
            score_factor_list (Sequence[None]): Of no meaning here.
            mlvl_priors (Sequence[Tensor]): Anchors of each level, ``(H * W * A, 4)``, pixels.
            img_meta (dict): Its ``img_shape`` is the image's (height, width) without padding.
            cfg (ConfigDict, optional): ``nms_pre`` a level, ``score_thr``, ``min_bbox_size``,
                ``nms.iou_threshold`` and ``max_per_img``. Defaults to the test config.
            **kwargs: Of no meaning here.

        Returns:
            InstanceData: ``bboxes`` ``(P, 4)`` in the resized image, ``scores`` and ``labels``
            ``(P,)``, best first.
        """
        cfg = self.test_cfg if cfg is None else cfg
        found = []
        for level, maps in enumerate(zip(cls_score_list, bbox_pred_list, mlvl_priors, strict=True)):
            logits, deltas, priors = maps
            # By logits, not by scores, which are alike where they come near to 1.
            logits, best = logits.permute(1, 2, 0).flatten().topk(min(cfg.nms_pre, logits.numel()))
            deltas = deltas.permute(1, 2, 0).reshape(-1, 4)[best]
            found.append((logits, deltas, priors[best], torch.full_like(best, level)))
        logits, deltas, priors, levels = (torch.cat(parts) for parts in zip(*found, strict=True))
        boxes = self.bbox_coder.decode(priors, deltas, max_shape=img_meta['img_shape'])
        scores = logits.sigmoid()
        keep, scores = choose_boxes(boxes, scores, levels, scores >= cfg.score_thr, cfg)
        return InstanceData(bboxes=boxes[keep], scores=scores, labels=torch.zeros_like(keep))
