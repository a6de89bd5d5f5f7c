# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The backbone of the paper's segmentation net."""

from collections.abc import Sequence
from typing import Any

from mmpretrain.models import MobileNetV3

from sr4ir_mm.registry import MODELS


@MODELS.register_module()
class DilatedMobileNetV3(MobileNetV3):
    """MobileNetV3-Large with output stride 16, as in torchvision's DeepLabV3.

    The last stage keeps its resolution: its first depthwise convolution does not stride, and all
    three are dilated by 2. Weights are those of mmpretrain's ``MobileNetV3('large')``.

    Args:
        out_indices (Sequence[int]): Layers to return; C0 to C5 are 0, 2, 4, 7, 13 and 16, with 16,
            24, 40, 80, 160 and 960 channels. Defaults to (4, 16), C2 at stride 8 and C5.
        **kwargs: Of mmpretrain's ``MobileNetV3``.
    """

    def __init__(self, out_indices: Sequence[int] = (4, 16), **kwargs: Any) -> None:
        super().__init__(arch='large', out_indices=tuple(out_indices), **kwargs)
        for layer in (self.layer13, self.layer14, self.layer15):
            conv = layer.depthwise_conv.conv
            conv.stride, conv.dilation, conv.padding = (1, 1), (2, 2), (4, 4)
