# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Grouped convolutions under autocast to 16 bits on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sr4ir_mm.compat.autocast import cpu_autocast_type


class FastConv2d(nn.Conv2d):
    """Computes groups in fp32 where autocast asks a CPU for 16 bits, which take it longer.

    An instance is made of PyTorch's by assigning ``__class__``. The output has the type that
    autocast would give it.
    """

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:  # noqa: A002
        dtype = cpu_autocast_type() if self.groups > 1 and input.device.type == 'cpu' else None
        if dtype is None:
            return super()._conv_forward(input, weight, bias)
        with torch.autocast('cpu', enabled=False):
            return super()._conv_forward(input.float(), weight, bias).to(dtype)
