# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The second stage of the paper's detector (torchvision's)."""

from collections.abc import Sequence

import torch
from mmdet.models.roi_heads import StandardRoIHead
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData
from torch import Tensor

from sr4ir_mm.registry import MODELS


@MODELS.register_module()
class TorchvisionRoIHead(StandardRoIHead):
    """mmdet's head, but annotated boxes are proposals like others, matched by their overlap.

    Of two annotated boxes at one place, both then get the first one's class. The sampler must not
    add annotated boxes (``add_gt_as_proposals=False``). Arguments are mmdet's.
    """

    def loss(
        self,
        x: Sequence[Tensor],
        rpn_results_list: Sequence[InstanceData],
        batch_data_samples: Sequence[DetDataSample],
    ) -> dict[str, Tensor]:
        """Compute the losses.

        Args:
            x (Sequence[Tensor]): Maps of the neck.
            rpn_results_list (Sequence[InstanceData]): Proposals of each image.
            batch_data_samples (Sequence[DetDataSample]): With ``gt_instances``.

        Returns:
            dict[str, Tensor]: ``loss_cls``, ``loss_bbox`` and the accuracy ``acc``.
        """
        proposals = [
            InstanceData(bboxes=torch.cat([result.bboxes, sample.gt_instances.bboxes]))
            for result, sample in zip(rpn_results_list, batch_data_samples, strict=True)
        ]
        return super().loss(x, proposals, list(batch_data_samples))
