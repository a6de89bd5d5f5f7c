# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a task model computes beside its losses, for the log alone."""

import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from torch import Tensor, nn

_PLACES: WeakKeyDictionary[nn.Module, list[tuple[ModuleType, str]]] = WeakKeyDictionary()


@contextmanager
def skipped(net: nn.Module, functions: Collection[str]) -> Iterator[None]:
    """Let a task model do without some functions of its library, as an accuracy.

    Wherever one of the net's own classes, or one that they derive from, calls it, it gives zeros.

    Args:
        net (nn.Module): The task model.
        functions (Collection[str]): Full names, such as 'mmseg.models.losses.accuracy.accuracy'.
    """
    if net not in _PLACES:
        _PLACES[net] = _find(net, functions)
    with ExitStack() as stack:
        for place, name in _PLACES[net]:
            stack.enter_context(patch.object(place, name, _zeros))
        yield


def losses_alone(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not minimised; as MMEngine does, a loss is told by its name."""
    return {name: value for name, value in values.items() if 'loss' in name}


def _find(net: nn.Module, functions: Collection[str]) -> list[tuple[ModuleType, str]]:
    """Find the names by which the modules that define a net know the functions."""
    kinds = {kind for module in net.modules() for kind in type(module).__mro__}
    return [
        (place, name)
        for place in (sys.modules[module] for module in sorted({k.__module__ for k in kinds}))
        for name, value in vars(place).items()
        if callable(value) and _full_name(value) in functions
    ]


def _full_name(value: Any) -> str:
    return f'{getattr(value, "__module__", "")}.{getattr(value, "__qualname__", "")}'


def _zeros(pred: Tensor, _target: Tensor, topk: Any = 1, *_: Any, **__: Any) -> Any:
    zero = pred.new_zeros(1)
    return zero if isinstance(topk, int) else [zero] * len(topk)
