# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights that a library's own config names, and how a net is built without them."""

import inspect
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mmengine.registry import MODELS
from torch import nn

from sr4ir_mm.utils.typed_dicts import find_type

ARGUMENT = re.compile(r'(\w+_)?pretrained(_\w+)?')
"""Arguments that weights come by beside ``init_cfg``: ``pretrained``, ``spynet_pretrained``, ..."""


def drop_pretrained(cfg: dict, parts: Collection[str], scope: str) -> None:
    """Take out of a model dict what would load, or download, weights.

    Other initialisation stays, so that a library still falls back to the one it has for a net
    without weights.

    Args:
        cfg (dict): The model dict of a net; changed in place.
        parts (Collection[str]): Parts of the net whose weights come from elsewhere, such as
            'backbone'; '' is all of it.
        scope (str): The library's.
    """
    for part in parts:
        node: Any = cfg
        for name in filter(None, part.split('.')):
            node = node.get(name) if isinstance(node, Mapping) else None
        if isinstance(node, dict):
            _drop(node, scope)


def _drop(node: Any, scope: str) -> None:
    if isinstance(node, (list, tuple)):
        for child in node:
            _drop(child, scope)
        return
    if not isinstance(node, dict):
        return
    for key, value in _arguments(node, scope):
        node[key] = False if value is True else None
    if names_weights(node.get('init_cfg')):
        node['init_cfg'] = _without(node['init_cfg'])
    for child in node.values():
        _drop(child, scope)


def _arguments(node: Mapping, scope: str) -> list[tuple[str, Any]]:
    """Find the arguments that load weights, also those that do so unless told otherwise."""
    found = dict(node)
    kind = find_type(node['type'], MODELS, scope) if node.get('type') else None
    if inspect.isclass(kind):
        parameters = inspect.signature(kind).parameters.values()
        found = {p.name: p.default for p in parameters} | found
    return [
        (key, value)
        for key, value in found.items()
        if ARGUMENT.fullmatch(str(key)) and (value is True or isinstance(value, (str, Mapping)))
    ]


def forget_pretrained(net: nn.Module, parts: Collection[str]) -> None:
    """Take the same out of built modules, whose constructors may have put it there.

    Args:
        net (nn.Module): The net.
        parts (Collection[str]): See :func:`drop_pretrained`; of what the net has no module by
            that name nothing is taken.
    """
    modules = dict(net.named_modules())
    for part in parts:
        for module in modules[part].modules() if part in modules else ():
            init_cfg = getattr(module, 'init_cfg', None)
            if names_weights(init_cfg):
                module.init_cfg = _without(init_cfg)


def pretrained_parts(net: nn.Module) -> Iterator[tuple[str, str]]:
    """Name the parts of a net that will load weights of their own, and the sources of these."""
    for name, module in net.named_modules():
        for cfg in _listed(getattr(module, 'init_cfg', None)):
            if names_weights(cfg):
                yield name, str(cfg.get('checkpoint'))


def names_weights(init_cfg: Any) -> bool:
    """Tell whether an ``init_cfg``, or one of a list, loads a file."""
    for cfg in _listed(init_cfg):
        if isinstance(cfg, Mapping):
            # mmseg has a 'Pretrained_Part', a type may be a class, and some nets want no type.
            kind = getattr(cfg.get('type'), '__name__', cfg.get('type'))
            if str(kind).startswith('Pretrained') or isinstance(cfg.get('checkpoint'), str):
                return True
    return False


def _listed(init_cfg: Any) -> list:
    return list(init_cfg) if isinstance(init_cfg, (list, tuple)) else [init_cfg]


def _without(init_cfg: Any) -> Any:
    return [cfg for cfg in _listed(init_cfg) if not names_weights(cfg)] or None
