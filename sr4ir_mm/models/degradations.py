# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How LR images come from HR images (Section 4 of the paper)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS


def quantize(images: Tensor) -> Tensor:
    """Round to what an 8-bit file can hold.

    Args:
        images (Tensor): Any shape, nominally in [0, 1].

    Returns:
        Tensor: Multiples of 1/255 in [0, 1].
    """
    return images.mul(255).round_().clamp_(0, 255).div_(255)


@MODELS.register_module()
class BicubicDegradation(nn.Module):
    """Bicubic down-sampling and 8-bit rounding.

    The paper's LR images come from PyTorch's bicubic kernel *without* antialiasing. The
    antialiased kernel, close to MATLAB's, is what most SR data sets use.

    Args:
        scale (int): Down-sampling factor.
        antialias (bool): Low-pass before sampling. Defaults to False, as in the paper.
        quantize (bool): Round to 8 bits. Defaults to True, as in the paper.
    """

    def __init__(self, scale: int, antialias: bool = False, quantize: bool = True) -> None:
        super().__init__()
        self.scale = scale
        self.antialias = antialias
        self.quantize = quantize

    @torch.no_grad()
    def forward(self, hr: Tensor) -> Tensor:
        """Down-sample.

        Args:
            hr (Tensor): HR images ``(N, 3, H, W)``, RGB in [0, 1]; H and W are multiples of
                the scale.

        Returns:
            Tensor: LR images ``(N, 3, H / scale, W / scale)``, RGB; in [0, 1] if quantized.
        """
        lr = F.interpolate(
            hr, scale_factor=1 / self.scale, mode='bicubic', antialias=self.antialias
        )
        return quantize(lr) if self.quantize else lr


@MODELS.register_module()
class StoredLR(nn.Module):
    """LR images come from files, by the transform ``PackWithLR`` at the end of the pipeline.

    Args:
        scale (int): Ratio of HR to LR sizes.
    """

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def forward(self, hr: Tensor) -> Tensor:
        """Refuse to invent LR images.

        Raises:
            ConfigError: Always; a batch with stored LR images never asks.
        """
        raise ConfigError(
            'model.degradation is StoredLR but the batch holds no LR images: end the data '
            "pipeline with dict(type='sr4ir_mm.PackWithLR', ...), or use BicubicDegradation."
        )
