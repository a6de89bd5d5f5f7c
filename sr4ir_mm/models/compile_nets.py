# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nets, or the parts of them that take tensors alone, translated by PyTorch's compiler."""

from collections.abc import Mapping
from typing import Any

from torch import nn

from sr4ir_mm.errors import ConfigError

PARTS = ('backbone', 'neck')
"""Of a task model; its heads handle data samples, which cannot be translated."""
VARIANTS = 64
"""Translations of one net: sizes, modes, with gradients or without."""


def compile_nets(nets: Mapping[str, nn.Module], options: bool | dict | None) -> list[str]:
    """Compile each net in place; weights and their names stay.

    Args:
        nets (Mapping[str, nn.Module]): By name, without distributed wrappers.
        options (bool | dict, optional): As MMEngine's key ``compile``: True, or arguments of
            ``torch.compile``, such as ``dict(mode='max-autotune', dynamic=True)``.

    Returns:
        list[str]: What was compiled, such as 'task.backbone'.

    Raises:
        ConfigError: The options are neither, or PyTorch does not know them.
    """
    if options is None or options is False:
        return []
    if options is not True and not isinstance(options, dict):
        raise ConfigError(f'compile is {options!r}: use True or a dict of arguments.')
    import torch._dynamo  # a second, which runs that compile nothing need not wait for

    compiled = []
    for name, net in nets.items():
        parts = {f'{name}.{part}': getattr(net, part, None) for part in PARTS}
        chosen = {key: part for key, part in parts.items() if isinstance(part, nn.Module)}
        for key, part in (chosen or {name: net}).items():
            try:
                part.compile(**({} if options is True else options))
            except (TypeError, RuntimeError) as error:
                raise ConfigError(f'compile is {options!r}: {error}') from error
            compiled.append(key)
    config: Any = torch._dynamo.config
    config.cache_size_limit = max(config.cache_size_limit, VARIANTS)
    # Features are read by hooks, which come and go.
    config.skip_nnmodule_hook_guards = False
    return compiled
