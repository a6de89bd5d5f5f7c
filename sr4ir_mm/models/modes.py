# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Frozen means frozen: modes and gradient flags, changed for a while and restored exactly."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from torch import nn
from torch.nn.modules.batchnorm import _NormBase


@contextmanager
def eval_mode(net: nn.Module, stochastic: bool = False) -> Iterator[None]:
    """Put a net in eval mode, then give each submodule the mode that it had.

    Args:
        net (nn.Module): The net.
        stochastic (bool): Leave dropout and drop path as they are: only the layers that keep
            running statistics go to eval mode. Defaults to False.
    """
    chosen = [
        module
        for module in net.modules()
        if module.training and (not stochastic or isinstance(module, _NormBase))
    ]
    for module in chosen:
        # Not module.eval(): libraries overload it, and it would reach the children too.
        module.training = False
    try:
        yield
    finally:
        for module in chosen:
            module.training = True


@contextmanager
def no_param_grad(nets: Iterable[nn.Module]) -> Iterator[None]:
    """Switch the parameters' gradients off; those that were on, and only those, come back on."""
    params = [param for net in nets for param in net.parameters() if param.requires_grad]
    for param in params:
        param.requires_grad_(False)
    try:
        yield
    finally:
        for param in params:
            param.requires_grad_(True)
