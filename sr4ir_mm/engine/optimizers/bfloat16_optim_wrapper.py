# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Mixed precision in bfloat16, on CPUs as on GPUs."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.optim import OptimWrapper
from torch import nn

from sr4ir_mm.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Compute the forward pass in bfloat16 where autocast allows it.

    Weights, gradients, losses and the step stay in fp32. bfloat16 has the range of fp32, so the
    loss is not scaled, as it must be in fp16 by MMEngine's ``AmpOptimWrapper``, which is for GPUs
    alone.

    Args:
        **kwargs: Of :class:`mmengine.optim.OptimWrapper`.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Autocast, and accumulate as any wrapper does.

        Args:
            model (nn.Module): The net that is updated, in its distributed wrapper or not.
        """
        device = next(model.parameters()).device.type
        with super().optim_context(model), torch.autocast(device, torch.bfloat16):
            yield
