# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""L_pixel, the pixel loss in the training objective (Eq. 3 of the paper)."""

import torch.nn.functional as F
from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

from ..phase_batch import PhaseBatch


@MODELS.register_module()
class PixelLoss(nn.Module):
    """Mean absolute difference of restored and HR images.

    Attributes:
        reference (str): The images that others are compared with.
    """

    reference = 'hr'

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'. They are compared unclamped, padding included.

        Returns:
            Tensor: A scalar; the mean over all values.
        """
        return F.l1_loss(batch.image(image), batch.image('hr'))
