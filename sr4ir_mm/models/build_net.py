# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nets of other libraries, from a model dict or from the path of a config."""

import importlib.util
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from mmengine.config import Config, ConfigDict
from mmengine.registry import MODELS, TASK_UTILS, DefaultScope
from torch import nn

from sr4ir_mm.compat import (
    complete_heads,
    how_to_install,
    import_mmagic,
    import_mmpretrain,
    without_process_group,
)
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.utils.building import building
from sr4ir_mm.utils.library_configs import load_library_config
from sr4ir_mm.utils.typed_dicts import check_typed

from .nets.fast import accelerate
from .num_classes import COUNTS, check_class_weights, set_class_weight, set_num_classes
from .padding import add_padding
from .pretrained import drop_pretrained, forget_pretrained

NetConfig = str | dict
FILE = re.compile(r'://|\.(pth|pt|pkl|py|safetensors)$')
"""How texts of a config look that are read from a file, or downloaded."""


def build_net(
    cfg: NetConfig, key: str, fast: bool = False, replaced: Collection[str] = ()
) -> tuple[nn.Module, str]:
    """Build an SR net or a task model under its own library's scope.

    Args:
        cfg (str | dict): One of

            - a model dict, with a prefixed type or ``_scope_``: ``dict(type='mmagic.EDSRNet')``;
            - the path of a config, a library's own (``'mmdet::atss/atss_r50_fpn_1x_coco.py'``) or a
              local file; of an mmagic config its generator is taken;
            - ``dict(cfg_path=<such a path>, num_classes=5, ...)``: the same with changes.
              ``num_classes`` goes wherever the model has that key, as do ``num_things_classes``
              and ``num_stuff_classes``, and ``class_weight`` where the model has such a list;
              anything else is merged into the model dict, as config inheritance does.
        key (str): Where the config stands, such as 'model.task', for error messages.
        fast (bool): Put faster parts in the place of the library's; see :func:`accelerate`.
            Defaults to False.
        replaced (Collection[str]): Parts whose weights do not come from where the library's config
            says, such as 'backbone'; '' is the whole net. Defaults to (), none.

    Returns:
        tuple[nn.Module, str]: The net and the scope of its library, such as 'mmdet'.

    Raises:
        ConfigError: The library or the file is unknown, or names no model.
        CheckpointError: The net would download weights while it is built, and cannot.
    """
    cfg = {'cfg_path': cfg} if isinstance(cfg, str) else deepcopy(dict(cfg))
    own = ('cfg_path', 'num_classes') if 'cfg_path' in cfg else ()  # keys for us
    if own:
        net_cfg, scope = _from_path(cfg, key)
    else:
        net_cfg, scope = _from_dict(cfg, key)
    if scope == 'mmagic':
        import_mmagic()
    elif importlib.util.find_spec(scope) is None:
        raise ConfigError(
            f'{key} is of the library {scope!r}, which is not installed: {how_to_install(scope)}.'
        )
    if scope == 'mmpretrain':
        import_mmpretrain()
    with DefaultScope.overwrite_default_scope(scope), building(net_cfg, key):
        check_typed(net_cfg, key, MODELS, TASK_UTILS, scope=scope, also=own)
        check_class_weights(net_cfg, key)
        drop_pretrained(net_cfg, replaced, scope)
        without_process_group(net_cfg)
        with named_downloads(net_cfg, key):
            net = MODELS.build(net_cfg)
    forget_pretrained(net, replaced)
    if scope == 'mmdet':
        complete_heads(net)
    return (accelerate(net) if fast else net), scope


@contextmanager
def named_downloads(cfg: Mapping, key: str) -> Iterator[None]:
    """Name the arguments of a net whose constructor reads or downloads a file that is not there."""
    try:
        yield
    except OSError as error:  # a download without a network ends in these
        files = {place: value for place, value in _texts(cfg, key) if FILE.search(value)}
        named = [place for place, value in files.items() if value in str(error)] or list(files)
        raise CheckpointError(
            f'{key} wants a file while it is built, which is not available ({error}): set '
            f'{" or ".join(named) or f"the argument of {key} that names it"} to None or to a path.'
        ) from error


def _texts(node: Any, key: str) -> Iterator[tuple[str, str]]:
    """List the texts of a config, each with its place."""
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, (Mapping, list, tuple)):
        for name, child in node.items() if isinstance(node, Mapping) else enumerate(node):
            yield from _texts(child, f'{key}.{name}')


def _from_dict(cfg: dict, key: str) -> tuple[dict, str]:
    kind = cfg.get('type')
    if kind is None:
        raise ConfigError(
            f"{key} has neither 'type' nor 'cfg_path': give a model dict such as "
            "dict(_scope_='mmdet', type='FasterRCNN', ...) or the path of a config."
        )
    prefix = kind.split('.')[0] if isinstance(kind, str) and '.' in kind else None
    if prefix:
        # Inheriting from a package marks dicts with the package's own scope; the prefix is meant.
        cfg.pop('_scope_', None)
    scope = prefix or cfg.get('_scope_')
    if scope is None:
        # A class, or a type of our own such as 'BilinearUpsampler'.
        scope = 'sr4ir_mm' if isinstance(kind, str) else kind.__module__.split('.')[0]
    return cfg, scope


def _from_path(cfg: dict, key: str) -> tuple[dict, str]:
    path = cfg.pop('cfg_path')
    file_cfg, scope = load_library_config(path, key)
    model = file_cfg.get('model')
    if model is None:
        raise ConfigError(f'{key}: the config {path} has no `model`.')
    if scope == 'mmagic':
        model = model.get('generator', model)
    elif 'data_preprocessor' in file_cfg:  # where mmpretrain keeps it
        model.setdefault('data_preprocessor', file_cfg.data_preprocessor)
    counts = {name: cfg.pop(name) for name in COUNTS if cfg.get(name) is not None}
    if counts:
        set_num_classes(model, counts, f'{key} ({path})')
    if 'class_weight' in cfg and set_class_weight(model, cfg['class_weight']):
        cfg.pop('class_weight')
    add_padding(model, file_cfg)
    return Config._merge_a_into_b(ConfigDict(cfg), model), scope
