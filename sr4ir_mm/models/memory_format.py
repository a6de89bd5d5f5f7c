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
        name (str): 'channels_last', 'contiguous', or 'auto' for :func:`faster_format` of each net.

    Raises:
        ConfigError: There is no such format.
    """
    known = [*FORMATS, 'auto']
    if name not in known:
        raise ConfigError(f'model.memory_format is {name!r}: use one of {", ".join(known)}.')
    for net in nets:
        chosen = faster_format(net) if name == 'auto' else name
        # Some nets' own `to` takes a device alone.
        nn.Module.to(net, memory_format=FORMATS[chosen])  # type: ignore[call-overload]


def faster_format(net: nn.Module) -> str:
    """Tell by a net's layers and the machine which format is likely to be faster.

    A rule, for what is measured differs from run to run, and a resumed run must compute as before:
    channels last for nets with more convolutions than linear layers; on CPUs without AVX-512, whose
    dense convolutions are slower so, only for those with grouped convolutions, such as MobileNets.
    Transformers hold tokens with their channels last already, and convert to and fro for each of
    their few convolutions.

    Args:
        net (nn.Module): The net.
    """
    layers = [module for module in net.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    strong = torch.cuda.is_available() or 'AVX512' in torch.backends.cpu.get_cpu_capability()
    if 2 * len(convolutions) > len(layers) and (
        strong or any(layer.groups > 1 for layer in convolutions)
    ):
        return 'channels_last'
    return 'contiguous'
