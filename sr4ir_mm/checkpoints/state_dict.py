# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights by name: taken out of a checkpoint, and compared with those of a net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sr4ir_mm.errors import CheckpointError

from .reading import read_checkpoint

if TYPE_CHECKING:
    from torch import Tensor, nn

WRAPPERS = ('state_dict', 'params_ema', 'params', 'model')


def load_state_dict(path: str, key: str) -> dict[str, Tensor]:
    """Read a checkpoint's weights, wherever they are in it.

    Args:
        path (str): The file, or another source; see :func:`read_checkpoint`.
        key (str): The config's key that names it, for messages.

    Raises:
        CheckpointError: The file cannot be read or holds no weights.
    """
    try:
        content = read_checkpoint(path)
    except CheckpointError as error:
        raise CheckpointError(f'{key}: {error}') from error
    state = weights_in(content)
    if not state:
        raise CheckpointError(f'{key}: {path} holds no weights.')
    return state


def weights_in(content: Mapping) -> dict[str, Tensor]:
    """Take the tensors out of what wraps them, under names without ``module.``."""
    from torch import Tensor

    wrapped = (content[name] for name in WRAPPERS if isinstance(content.get(name), Mapping))
    return {
        str(name).removeprefix('module.'): value
        for name, value in next(wrapped, content).items()
        if isinstance(value, Tensor)
    }


def check_state_dict(net: nn.Module, state: dict[str, Tensor], what: str) -> None:
    """Compare names and shapes of weights with those of a net.

    Args:
        net (nn.Module): The net.
        state (dict[str, Tensor]): The weights.
        what (str): What they are, for the message.

    Raises:
        CheckpointError: They differ; the message names the first few. Or there are none.
    """
    if not isinstance(state, Mapping) or not weights_in(dict(state_dict=state)):
        raise CheckpointError(
            f'The checkpoint {what}, holds no weights: its state_dict is missing or has no tensors.'
        )
    own = net.state_dict()
    missing = [name for name in own if name not in state]
    unexpected = [name for name in state if name not in own]
    shapes = [
        f'{name} {_shape(state[name])}, expected {_shape(own[name])}'
        for name in own
        if name in state and _shape(own[name]) != _shape(state[name])
    ]
    parts = [
        f'{len(names)} {label} ({", ".join(names[:3])}{", ..." if len(names) > 3 else ""})'
        for label, names in (
            ('missing', missing),
            ('unexpected', unexpected),
            ('of another shape', shapes),
        )
        if names
    ]
    if parts:
        raise CheckpointError(
            f'The checkpoint {what}, is of another architecture: of {len(own)} weights, '
            f'{"; ".join(parts)}. Use the config that it was trained with.'
        )


def _shape(value: object) -> object:
    """Give a tensor's shape; what is no tensor has the name of its type."""
    shape = getattr(value, 'shape', None)
    return type(value).__name__ if shape is None else tuple(shape)
