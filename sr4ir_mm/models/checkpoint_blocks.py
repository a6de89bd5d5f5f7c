# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Gradient checkpointing: memory for time."""

from collections.abc import Iterator
from functools import partial

from torch import nn
from torch.utils.checkpoint import checkpoint

ALIKE = 4
"""Modules of one class in a row, at least, that are taken for the blocks of a net."""


def checkpoint_blocks(net: nn.Module) -> None:
    """Let a net's repeated blocks keep their inputs alone, and compute again in the backward pass.

    Gradients are the same, random numbers of the forward pass included. Names of weights stay. A
    net without such blocks is computed again as a whole.

    Args:
        net (nn.Module): The net, such as an EDSR, whose residual blocks are found, or a SwinIR,
            whose groups of layers are; changed in place.
    """
    for block in list(_blocks(net)) or [net]:
        block.forward = partial(checkpoint, block.forward, use_reentrant=False)


def _blocks(net: nn.Module) -> Iterator[nn.Module]:
    """Find the outermost rows of modules of one class."""
    children = list(net.children())
    in_a_row = isinstance(net, (nn.Sequential, nn.ModuleList))
    if in_a_row and len(children) >= ALIKE and len({type(child) for child in children}) == 1:
        yield from children
        return
    for child in children:
        yield from _blocks(child)
