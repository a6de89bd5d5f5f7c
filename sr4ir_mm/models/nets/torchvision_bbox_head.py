# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The second stage's head of the paper's detector (torchvision's)."""

from typing import Any

import torch
from mmdet.models.roi_heads.bbox_heads import Shared2FCBBoxHead
from mmdet.structures.bbox import scale_boxes
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData
from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

from .torchvision_choice import choose_boxes


@MODELS.register_module()
class TorchvisionBBoxHead(Shared2FCBBoxHead):
    """mmdet's head with torchvision's start and its choice of detections.

    Layers start as PyTorch's do. As in torchvision, there is a regression of the background too,
    which nothing reads; it is the last one, as the background's score is in mmdet.

    Args:
        **kwargs: Of mmdet's ``Shared2FCBBoxHead``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(init_cfg=[], **kwargs)
        self.fc_reg = nn.Linear(self.reg_last_dim, 4 * (self.num_classes + 1))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Classify and regress.

        Args:
            x (Tensor): Features of R regions, ``(R, C, 7, 7)``.

        Returns:
            tuple[Tensor, Tensor]: Logits ``(R, classes + 1)`` and regression ``(R, 4 * classes)``.
        """
        cls_score, bbox_pred = super().forward(x)
        return cls_score, bbox_pred[:, :-4]

    def _predict_by_feat_single(
        self,
        roi: Tensor,
        cls_score: Tensor,
        bbox_pred: Tensor,
        img_meta: dict,
        rescale: bool = False,
        rcnn_test_cfg: ConfigDict | None = None,
    ) -> InstanceData:
        """Choose the detections of one image.

        Args:
            roi (Tensor): Proposals, ``(R, 5)``: the image's number, x1, y1, x2, y2.
            cls_score (Tensor): Logits, ``(R, classes + 1)``, the background last.
            bbox_pred (Tensor): Regression, ``(R, 4 * classes)``.
            img_meta (dict): With ``img_shape`` and, to rescale, ``scale_factor``.
            rescale (bool): Give boxes in the image as it was before its resize. Defaults to False.
            rcnn_test_cfg (ConfigDict): ``score_thr``, ``min_bbox_size``, ``nms.iou_threshold`` and
                ``max_per_img``.

        Returns:
            InstanceData: ``bboxes`` ``(D, 4)``, ``scores`` and ``labels`` ``(D,)``, best first.
        """
        assert rcnn_test_cfg is not None, 'test-time augmentation is not supported'
        boxes = self.bbox_coder.decode(
            roi[:, 1:].repeat_interleave(self.num_classes, dim=0),
            bbox_pred.reshape(-1, 4),
            max_shape=img_meta['img_shape'],
        )
        scores = cls_score.softmax(dim=-1)[:, :-1].flatten()
        labels = torch.arange(self.num_classes, device=roi.device).repeat(len(roi))
        # NMS moves boxes by their labels, so that other numbers would round otherwise: from 1 on.
        keep, scores = choose_boxes(
            boxes, scores, labels + 1, scores > rcnn_test_cfg.score_thr, rcnn_test_cfg
        )
        boxes = boxes[keep]
        if rescale:
            boxes = scale_boxes(boxes, [1 / factor for factor in img_meta['scale_factor']])
        return InstanceData(bboxes=boxes, scores=scores, labels=labels[keep])
