# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmcv 2: what cannot be built by a process of its own."""

from collections.abc import MutableMapping
from typing import Any


def without_process_group(cfg: Any) -> None:
    """Let batch norm of mmcv's own kind be built where there is one process.

    ``MMSyncBN`` asks for the process group when it is built, and fails without one. PyTorch's
    ``SyncBN`` does not, has the same weights, and MMEngine makes plain batch norm of it for one
    process, as it would of the other.

    Args:
        cfg (Any): The config of a net; changed in place.
    """
    from torch import distributed

    if not distributed.is_available() or not distributed.is_initialized():
        _replace(cfg)


def _replace(node: Any) -> None:
    if isinstance(node, MutableMapping):
        if node.get('type') in ('MMSyncBN', 'mmcv.MMSyncBN'):
            node['type'] = 'SyncBN'
            node.pop('stats_mode', None)
        node = node.values()
    elif not isinstance(node, (list, tuple)):
        return
    for child in node:
        _replace(child)
