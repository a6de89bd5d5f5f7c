# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The auxiliary head of the paper's segmentation net (torchvision's)."""

from typing import Any

from mmseg.models.decode_heads import FCNHead
from torch import nn

from sr4ir_mm.registry import MODELS


@MODELS.register_module()
class TorchvisionFCNHead(FCNHead):
    """The auxiliary head: mmseg's, but dropping out single values, and starting as PyTorch does.

    Args:
        dropout_ratio (float): Defaults to 0.1.
        **kwargs: Of mmseg's ``FCNHead``.
    """

    def __init__(self, dropout_ratio: float = 0.1, **kwargs: Any) -> None:
        super().__init__(
            num_convs=1,
            concat_input=False,
            dropout_ratio=dropout_ratio,
            norm_cfg=dict(type='BN', requires_grad=True),
            init_cfg=None,
            **kwargs,
        )
        self.dropout = nn.Dropout(dropout_ratio)
        self.convs[0].conv.reset_parameters()
