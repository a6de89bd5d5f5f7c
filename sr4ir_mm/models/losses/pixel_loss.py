# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""L_pixel, Eq. 1 of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

if TYPE_CHECKING:
    from ..phase_batch import PhaseBatch


@MODELS.register_module()
class PixelLoss(nn.Module):
    """Mean absolute difference of restored and HR images."""

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'. They are compared unclamped, padding included.

        Returns:
            Tensor: A scalar; the mean over all values.
        """
        return F.l1_loss(batch.image(image), batch.image('hr'))
