# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The adversarial loss of SOD-MTGAN (Table 7 of the paper)."""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS

from ..phase_batch import PhaseBatch


@MODELS.register_module()
class AdversarialLoss(nn.Module):
    """Binary cross-entropy of a discriminator's opinion on images.

    In a phase that updates the discriminator, HR images are real and all others are not; in any
    other phase, where it is fixed, all are to be taken for real.

    Args:
        net (str): The discriminator, with a mode 'realness'. Defaults to 'discriminator'.
    """

    def __init__(self, net: str = 'discriminator') -> None:
        super().__init__()
        self.net = net

    def check(self, nets: Mapping[str, nn.Module]) -> None:
        """Look for the discriminator when the model is built.

        Raises:
            ConfigError: There is no such net.
        """
        if self.net not in nets:
            raise ConfigError(
                f'AdversarialLoss: the model has no net {self.net!r}; add it to model.extra_nets.'
            )

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Ask the discriminator.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images: 'sr', 'hr', ...

        Returns:
            Tensor: A scalar, the mean over images and places.
        """
        logits = batch.net(self.net).forward(image, mode='realness')
        real = image == 'hr' or self.net not in batch.update
        target = torch.ones_like(logits) if real else torch.zeros_like(logits)
        return F.binary_cross_entropy_with_logits(logits, target)
