# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Faster stand-ins for parts of other libraries' nets, put in after a net is built."""

from mmengine.utils import get_object_from_string
from torch import nn

STAND_INS = {
    'torch.nn.modules.conv.Conv2d': 'sr4ir_mm.models.nets.fast_conv2d.FastConv2d',
    'mmagic.models.editors.swinir.swinir_rstb.SwinTransformerBlock': (
        'sr4ir_mm.models.nets.fast_swinir.FastSwinTransformerBlock'
    ),
}
"""Full name of a class to that of a subclass with the same parameters and buffers."""


def accelerate(net: nn.Module) -> nn.Module:
    """Let parts of a net compute the same, to rounding, in less time.

    Parameters, buffers and their names stay, so any checkpoint of the net loads.

    Args:
        net (nn.Module): The net; changed in place.
    """
    for module in net.modules():
        kind = type(module)
        stand_in = STAND_INS.get(f'{kind.__module__}.{kind.__qualname__}')
        if stand_in is not None:
            # Imported here, where the library is loaded already.
            module.__class__ = get_object_from_string(stand_in)
    return net
