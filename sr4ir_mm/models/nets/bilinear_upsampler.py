# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""B(.), the up-sampler of the setting I_LR -> T."""

from mmengine.model import BaseModule
from torch import Tensor
from torch.nn import functional as F

from sr4ir_mm.registry import MODELS


@MODELS.register_module()
class BilinearUpsampler(BaseModule):
    """Bilinear up-sampling in place of an SR net; it has no parameters.

    Args:
        scale (int): Up-sampling factor.
        align_corners (bool): The paper's figures come from ``nn.UpsamplingBilinear2d``, which
            aligns corners. Defaults to True.
    """

    def __init__(self, scale: int, align_corners: bool = True) -> None:
        super().__init__()
        self.scale = scale
        self.align_corners = align_corners

    def forward(self, lr: Tensor) -> Tensor:
        """Up-sample ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``, RGB in [0, 1]."""
        return F.interpolate(
            lr, scale_factor=self.scale, mode='bilinear', align_corners=self.align_corners
        )
