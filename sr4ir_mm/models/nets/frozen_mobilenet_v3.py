# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The backbone of the paper's detector."""

from collections.abc import Sequence
from typing import Any

from mmpretrain.models.backbones import MobileNetV3
from torch import Tensor, nn

from sr4ir_mm.registry import MODELS


class FrozenBatchNorm(nn.BatchNorm2d):
    """Batch norm that never changes: it has buffers for parameters, and is always in eval mode.

    Weights have the names of ordinary batch norm. Arguments are PyTorch's.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ('weight', 'bias'):
            value = getattr(self, name).data
            delattr(self, name)
            self.register_buffer(name, value)
        self.eval()

    def forward(self, input: Tensor) -> Tensor:
        """Scale and shift ``(N, C, H, W)``, in torchvision's order of operations.

        In the numbers of the input: under autocast, fp32 would spread to all maps that follow.
        """
        scale = self.weight * (self.running_var + self.eps).rsqrt()
        bias = self.bias - self.running_mean * scale
        scale, bias = (values.to(input.dtype)[:, None, None] for values in (scale, bias))
        return input * scale + bias

    def train(self, mode: bool = True) -> 'FrozenBatchNorm':
        """Stay in eval mode."""
        return super().train(False)


@MODELS.register_module()
class FrozenMobileNetV3(MobileNetV3):
    """MobileNetV3-Large of which batch norm and the first layers never change.

    Batch norm has torchvision's epsilon for frozen ones, 1e-5, though the ImageNet weights were
    trained with 1e-3. Layers are frozen from the start, not only once ``train()`` has been called,
    so that optimizers and distributed wrappers see it.

    Args:
        out_indices (Sequence[int]): Layers whose outputs are returned. Defaults to (13, 16), both
            of stride 32, with 160 and 960 channels.
        frozen_stages (int): The last layer that is frozen. Defaults to 6.
    """

    def __init__(self, out_indices: Sequence[int] = (13, 16), frozen_stages: int = 6) -> None:
        super().__init__(
            arch='large',
            out_indices=tuple(out_indices),
            norm_cfg=dict(type=FrozenBatchNorm, eps=1e-5),
            frozen_stages=frozen_stages,
        )
        self._freeze_stages()
