# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The head of the paper's segmentation net (torchvision's DeepLabV3)."""

from collections.abc import Sequence
from typing import Any

import torch
from mmseg.models.decode_heads.decode_head import BaseDecodeHead
from torch import Tensor, nn
from torch.nn import functional as F

from sr4ir_mm.registry import MODELS


@MODELS.register_module()
class DeepLabV3Head(BaseDecodeHead):
    """ASPP with a 1x1 projection and dropout, a 3x3 convolution, and the classifier.

    mmseg's ``ASPPHead`` fuses the branches by one 3x3 convolution, and drops out channels at the
    end. Convolutions start as PyTorch's do.

    Args:
        dilations (Sequence[int]): Of the three 3x3 branches. Defaults to (12, 24, 36).
        **kwargs: Of mmseg's ``BaseDecodeHead``: ``in_channels``, ``channels`` and so on.
    """

    def __init__(self, dilations: Sequence[int] = (12, 24, 36), **kwargs: Any) -> None:
        super().__init__(dropout_ratio=0, init_cfg=None, **kwargs)
        width = self.channels
        branches = [_conv(self.in_channels, width, 3, dilation=rate) for rate in dilations]
        self.branches = nn.ModuleList([_conv(self.in_channels, width, 1), *branches])
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), *_conv(self.in_channels, width, 1))
        self.project = _conv((len(self.branches) + 1) * width, width, 1)
        self.dropout = nn.Dropout(0.5)
        self.fuse = _conv(width, width, 3)

    def forward(self, inputs: Sequence[Tensor]) -> Tensor:
        """Classify each place of the map ``in_index``: ``(N, classes, h, w)``, logits."""
        feats = self._transform_inputs(inputs)
        context = F.interpolate(
            self.pool(feats), size=feats.shape[-2:], mode='bilinear', align_corners=False
        )
        branches = [branch(feats) for branch in self.branches]
        feats = self.project(torch.cat([*branches, context], dim=1))
        return self.conv_seg(self.fuse(self.dropout(feats)))


def _conv(in_channels: int, out_channels: int, kernel: int, dilation: int = 1) -> nn.Sequential:
    """Convolution, batch norm and ReLU; MMCV's ``ConvModule`` would start otherwise."""
    padding = dilation if kernel > 1 else 0
    conv = nn.Conv2d(
        in_channels, out_channels, kernel, padding=padding, dilation=dilation, bias=False
    )
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True))
