# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The adapter of a library, by the library's scope."""

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TASK_ADAPTERS

from .base import TaskAdapter


def find_adapter(scope: str, key: str) -> type[TaskAdapter]:
    """Find the adapter class of a library.

    Args:
        scope (str): The library's scope, such as 'mmdet'.
        key (str): Where the config names the net, such as 'model.task', for the message.

    Raises:
        ConfigError: There is none.
    """
    adapter = TASK_ADAPTERS.get(f'{scope}_adapter')
    if adapter is None:
        known = ', '.join(
            sorted(name.removesuffix('_adapter') for name in TASK_ADAPTERS.module_dict)
        )
        raise ConfigError(
            f'{key} is of the library {scope!r}, which has no adapter; there are adapters for '
            f"{known}. Register one in TASK_ADAPTERS under the name '{scope}_adapter'."
        )
    return adapter
