# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Frozen means frozen: modes and gradient flags, changed for a while, restored exactly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmengine.model import is_model_wrapper
from torch import nn
from torch.nn.modules.batchnorm import _NormBase


def unwrap(net: nn.Module) -> Any:
    """Take a net or a model out of its distributed wrapper, if it has one."""
    return net.module if is_model_wrapper(net) else net


@contextmanager
def frozen(net: nn.Module, stochastic: bool = False) -> Iterator[None]:
    """Keep every value of a net as it is: eval mode, and no gradient for any parameter.

    Afterwards each submodule has the mode, and each parameter the flag, that it had before.

    Args:
        net (nn.Module): The net.
        stochastic (bool): Leave dropout and drop path as they are. Defaults to False.
    """
    params = [param for param in net.parameters() if param.requires_grad]
    for param in params:
        param.requires_grad_(False)
    try:
        with eval_mode(net, stochastic):
            yield
    finally:
        for param in params:
            param.requires_grad_(True)


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


def drop_wrapper_names(model: Any, state: dict, prefix: str, _: dict) -> None:
    """Save the same names from one process and from many, whose nets have wrappers."""
    for name in model.net_names:
        wrapped = f'{prefix}{name}.module.'
        if unwrap(getattr(model, name)) is not getattr(model, name):
            for key in [key for key in state if key.startswith(wrapped)]:
                state[f'{prefix}{name}.{key[len(wrapped) :]}'] = state.pop(key)
