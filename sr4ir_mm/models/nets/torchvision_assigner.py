# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which anchors the paper's detector trains on (as torchvision)."""

from mmdet.models.task_modules import AssignResult
from mmdet.models.task_modules.assigners import MaxIoUAssigner
from torch import Tensor

from sr4ir_mm.registry import TASK_UTILS


@TASK_UTILS.register_module()
class TorchvisionAssigner(MaxIoUAssigner):
    """mmdet's assigner, but for the anchors that are an object's best ones and yet poor.

    mmdet gives such an anchor to the object that it is the best one of; torchvision to the object
    that it overlaps most, which may be another, and however little that is.

    Args:
        pos_iou_thr (float): Least overlap of an object's anchors.
        neg_iou_thr (float): The background's anchors overlap less with any object.
    """

    def __init__(self, pos_iou_thr: float, neg_iou_thr: float) -> None:
        super().__init__(pos_iou_thr, neg_iou_thr, match_low_quality=False)

    def assign_wrt_overlaps(self, overlaps: Tensor, gt_labels: Tensor) -> AssignResult:
        """Assign anchors to objects.

        Args:
            overlaps (Tensor): IoU of K objects with N anchors, ``(K, N)``.
            gt_labels (Tensor): Labels of the objects, ``(K,)``.

        Returns:
            AssignResult: Of each anchor the object's number from 1 on, 0 for background, or -1
            for none of them.
        """
        result = super().assign_wrt_overlaps(overlaps, gt_labels)
        if overlaps.numel():
            is_best = (overlaps == overlaps.max(dim=1, keepdim=True).values).any(dim=0)
            nearest = overlaps[:, is_best].max(dim=0).indices
            result.gt_inds[is_best] = nearest + 1
            result.labels[is_best] = gt_labels[nearest]
        return result
