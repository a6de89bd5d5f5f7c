# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare the config of optimizers and schedulers with what reads it."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from mmengine import registry as root
from mmengine.config import Config
from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapper
from torch.nn.utils import clip_grad_norm_

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.accepted_arguments import accepted_arguments
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import suggest
from sr4ir_mm.utils.typed_dicts import check_keys, check_typed, shown

from .check_values import check_schedule

PARAMWISE = ('custom_keys', 'bias_lr_mult', 'bias_decay_mult', 'norm_decay_mult',
             'flat_decay_mult', 'dwconv_decay_mult', 'dcn_offset_lr_mult',
             'bypass_duplicate')  # fmt: skip
CLIPPING = {'type', *inspect.signature(clip_grad_norm_).parameters} - {'parameters'}


def check_optimizers(cfg: Config, nets: set[str], scope: str) -> None:
    """Check the optimizer wrapper and the schedulers of each net.

    Args:
        cfg (Config): The config.
        nets (set[str]): The names of its nets.
        scope (str): That of unprefixed types.

    Raises:
        ConfigError: One is for no net, or has a key or a value that cannot be used.
    """
    wrappers = cfg.get('optim_wrapper') or {}
    if str(wrappers.get('constructor')).endswith('PerNetOptimWrapperConstructor'):
        _check_names(wrappers, 'optim_wrapper', {*nets, 'constructor'})
        for name in nets & wrappers.keys():
            _check_wrapper(wrappers[name], f'optim_wrapper.{name}', scope)
    schedulers = cfg.get('param_scheduler')
    if schedulers is None:
        return
    if isinstance(schedulers, Mapping) and 'type' not in schedulers:
        _check_names(schedulers, 'param_scheduler', nets)
    else:
        schedulers = {'': schedulers}
    for name, node in schedulers.items():
        key = f'param_scheduler.{name}'.rstrip('.')
        also = ['convert_to_iter_based']
        check_typed(node or [], key, root.PARAM_SCHEDULERS, scope=scope, also=also)
        for index, one in enumerate(node if isinstance(node, (list, tuple)) else ()):
            check_schedule(one, f'{key}.{index}')


def _check_wrapper(node: Any, key: str, scope: str) -> None:
    if not isinstance(node, Mapping):
        raise ConfigError(f'{key} = {shown(node)}: it must be a dict.')
    kind = node.get('type', 'OptimWrapper')
    also = {'optimizer', 'paramwise_cfg', *(accepted_arguments(OptimWrapper) or ())}
    check_typed(dict(node, type=kind, optimizer=None), key, root.OPTIM_WRAPPERS, scope=scope,
                also=also)  # fmt: skip
    check_typed(node.get('optimizer'), f'{key}.optimizer', root.OPTIMIZERS, scope=scope)
    if 'lr' in node['optimizer']:
        check_number(node['optimizer'].lr, f'{key}.optimizer.lr', least=0)
    check_keys(node.get('paramwise_cfg') or {}, f'{key}.paramwise_cfg', PARAMWISE,
               DefaultOptimWrapperConstructor)  # fmt: skip
    for name, value in ((node.get('paramwise_cfg') or {}).get('custom_keys') or {}).items():
        place = f'{key}.paramwise_cfg.custom_keys.{name}'
        check_keys(value, place, ('lr_mult', 'decay_mult'), DefaultOptimWrapperConstructor)
        for multiple in value:
            check_number(value[multiple], f'{place}.{multiple}', least=0)
    _check_decay(node, key)
    clip = node.get('clip_grad') or {}
    if not isinstance(clip, Mapping):
        raise ConfigError(f'{key}.clip_grad = {shown(clip)}: it must be a dict.')
    if clip and clip.get('type', 'norm') == 'norm':
        check_keys(clip, f'{key}.clip_grad', CLIPPING)
        check_number(clip.get('max_norm'), f'{key}.clip_grad.max_norm', above=0)


def _check_decay(node: Mapping, key: str) -> None:
    """Find multiples of a weight decay that is not there."""
    paramwise = node.get('paramwise_cfg') or {}
    keys = {name for value in (paramwise.get('custom_keys') or {}).values() for name in value}
    multiples = [name for name in (*paramwise, *keys) if name.endswith('decay_mult')]
    if multiples and node['optimizer'].get('weight_decay') is None:
        raise ConfigError(
            f'{key}.optimizer has no weight_decay, of which {multiples[0]} in paramwise_cfg is a '
            'multiple.'
        )


def _check_names(node: Mapping, key: str, nets: Iterable[str]) -> None:
    for name in node:
        if name not in nets:
            raise ConfigError(f'{key}.{name} is for no net; {suggest(name, nets)}')
