# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How the paper's detector reads boxes off its regression (as torchvision)."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from mmdet.models.task_modules.coders import DeltaXYWHBBoxCoder
from torch import Tensor

from sr4ir_mm.registry import TASK_UTILS


@TASK_UTILS.register_module()
class TorchvisionBoxCoder(DeltaXYWHBBoxCoder):
    """mmdet's coder, but boxes may shrink without a limit; arguments are mmdet's.

    mmdet limits both growing and shrinking to 1000 / 16, torchvision growing only.
    """

    def decode(
        self,
        bboxes: Tensor,
        pred_bboxes: Tensor,
        max_shape: Sequence | None = None,
        wh_ratio_clip: float = 16 / 1000,
        **kwargs: Any,
    ) -> Tensor:
        """Move and resize boxes by what was predicted for them.

        Args:
            bboxes (Tensor): ``(B, 4)`` or ``(N, B, 4)``, pixels, as x1, y1, x2, y2.
            pred_bboxes (Tensor): Likewise, shifts and logarithms of sizes.
            max_shape (Sequence, optional): Height and width of the image to clip to, or those of
                each of N images. Defaults to None.
            wh_ratio_clip (float): Boxes grow at most by its inverse. Defaults to 16 / 1000.
            **kwargs: Of no meaning here.

        Returns:
            Tensor: As ``bboxes``.
        """
        size = bboxes[..., 2:] - bboxes[..., :2]
        centre = bboxes[..., :2] + 0.5 * size
        # Divided, as torchvision, so that even the rounding is the same.
        weights = pred_bboxes.new_tensor([1 / std for std in self.stds])
        shift, growth = (pred_bboxes / weights).split(2, dim=-1)
        centre = centre + shift * size
        half = 0.5 * size * growth.clamp(max=-math.log(wh_ratio_clip)).exp()
        boxes = torch.cat([centre - half, centre + half], dim=-1)
        if max_shape is None:
            return boxes
        limits = boxes.new_tensor(max_shape).flip(-1)
        return boxes.clamp(min=0).minimum(torch.cat([limits, limits], dim=-1).unsqueeze(-2))
