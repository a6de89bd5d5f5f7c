# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where the channels of convolutions' weights lie in memory; values and names do not change."""

from collections.abc import Iterable

import torch
from torch import nn

from sr4ir_mm.errors import ConfigError

FORMATS = {'channels_last': torch.channels_last, 'contiguous': torch.contiguous_format}


def set_memory_format(nets: Iterable[nn.Module], name: str) -> None:
    """Lay the weights of nets out in a memory format.

    A convolution gives its output in the format of its weights, so images need no change. Loading
    a state dict copies values into the layout that is there, and so does a deep copy.

    Args:
        nets (Iterable[nn.Module]): The nets; changed in place.
        name (str): 'channels_last' or 'contiguous'.

    Raises:
        ConfigError: There is no such format.
    """
    if name not in FORMATS:
        raise ConfigError(f'model.memory_format is {name!r}: use one of {", ".join(FORMATS)}.')
    for net in nets:
        net.to(memory_format=FORMATS[name])  # type: ignore[call-overload]
