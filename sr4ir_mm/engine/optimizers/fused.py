# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Optimizers that update all weights in one kernel."""

from inspect import signature
from typing import Any

import torch
from mmengine.registry import OPTIMIZERS
from torch import nn


def in_one_kernel(cfg: dict, net: nn.Module) -> dict[str, Any]:
    """Ask an optimizer for PyTorch's fused kernel, where there is one for the net's device.

    Args:
        cfg (dict): The optimizer's config; one that says itself how it steps (``fused`` or
            ``foreach``) is left as it is.
        net (nn.Module): What it updates.
    """
    kind = OPTIMIZERS.get(cfg['type']) if isinstance(cfg['type'], str) else cfg['type']
    if kind is None or {'fused', 'foreach'} & cfg.keys():
        return cfg
    if 'fused' not in signature(kind).parameters:
        return cfg
    probe = torch.zeros(1, device=next(net.parameters()).device, requires_grad=True)
    try:
        kind([probe], lr=0.1, fused=True)
    except RuntimeError:  # not on this device, in this version of PyTorch
        return cfg
    return dict(cfg, fused=True)
