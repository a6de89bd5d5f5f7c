# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What stays in fp32 under mixed precision, in any task model."""

from typing import Any

import torch
from torch import Tensor, nn

LOW = (torch.float16, torch.bfloat16)


def keep_full_precision(net: nn.Module) -> None:
    """Give fp32 to what follows a task model's heads, to pooled regions and to mmcv's operations.

    Losses, boxes and their suppression are computed of what a head gives. Coordinates of regions
    are cast to the features' type, and too coarse in a half precision. mmcv's operations have no
    bfloat16 and, on CPUs, no fp16. Without mixed precision nothing changes.

    Args:
        net (nn.Module): The task model; it gets hooks.
    """
    for module in net.modules():
        # Parts of ours, or of a user, are known by the library's class that they derive from.
        places = {part for kind in type(module).__mro__ for part in kind.__module__.split('.')}
        if 'roi_extractors' in places or {'mmcv', 'ops'} <= places:
            module.register_forward_pre_hook(_float_inputs)
        elif any(place.endswith('heads') for place in places):
            module.register_forward_hook(_float_outputs)


def _float_outputs(_module: nn.Module, _inputs: tuple, outputs: Any) -> Any:
    return _float(outputs)


def _float_inputs(_module: nn.Module, inputs: tuple) -> tuple:
    return _float(inputs)


def _float(value: Any) -> Any:
    """Cast tensors of half precision, in nested containers as well."""
    if isinstance(value, Tensor):
        return value.float() if value.dtype in LOW else value
    if isinstance(value, dict):
        return {key: _float(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_float(item) for item in value)
    return value
