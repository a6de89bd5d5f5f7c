# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare a config with what reads it, before anything is built.

The nets of the model are compared where they are built, by :func:`build_net`, which knows their
library, and phases by the loop.
"""

import importlib.util
import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from mmengine import registry as root
from mmengine.config import Config
from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapper
from mmengine.runner import Priority, Runner
from torch.nn.utils import clip_grad_norm_

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.sr4ir import LOSSES
from sr4ir_mm.registry import SCOPE
from sr4ir_mm.utils.accepted_arguments import accepted_arguments
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import misspelt, nearest, suggest
from sr4ir_mm.utils.typed_dicts import check_keys, check_kinds, check_typed, shown

from .check_loader import check_loader
from .check_values import CHOICES, check_choices, check_schedule, check_values, phases_of
from .edit_config import OWN_HOOKS

DICTS = ('model', 'train_dataloader', 'val_dataloader', 'test_dataloader', 'train_cfg', 'val_cfg',
         'test_cfg', 'optim_wrapper', 'default_hooks', 'env_cfg', 'log_processor', 'randomness',
         'visualizer', 'auto_scale_lr', 'model_wrapper_cfg', 'tta_model')  # fmt: skip
LISTS = ('phases', 'custom_hooks', 'tta_pipeline')
# What MMEngine takes all of, or none.
TOGETHER = (
    ('train_dataloader', 'train_cfg', 'optim_wrapper'),
    ('val_dataloader', 'val_cfg', 'val_evaluator'),
    ('test_dataloader', 'test_cfg', 'test_evaluator'),
)
NETS = ('sr', 'task', 'extra_nets')
# What MMEngine reads out of dicts without asking a signature.
ENVIRONMENT = ('cudnn_benchmark', 'mp_cfg', 'dist_cfg', 'resource_limit')
PROCESSES = ('mp_start_method', 'opencv_num_threads')
PARAMWISE = ('custom_keys', 'bias_lr_mult', 'bias_decay_mult', 'norm_decay_mult',
             'flat_decay_mult', 'dwconv_decay_mult', 'dcn_offset_lr_mult',
             'bypass_duplicate')  # fmt: skip
RANDOMNESS = inspect.signature(Runner.set_randomness).parameters.keys() - {'self'}
CLIPPING = {'type', *inspect.signature(clip_grad_norm_).parameters} - {'parameters'}


def check_config(cfg: Config) -> None:
    """Find values of a wrong kind, types that do not exist and keys that nobody reads.

    Raises:
        ConfigError: There is one.
    """
    check_sections(cfg)
    if cfg.get('model') is None:
        raise ConfigError('The config has no model: a dict with a type.')
    scope = cfg.get('default_scope') or SCOPE
    _check_scope(scope)
    for sections in TOGETHER:
        missing = [key for key in sections if cfg.get(key) is None]
        if missing and len(missing) < len(sections):
            given = [key for key in sections if key not in missing]
            raise ConfigError(
                f'{" and ".join(missing)}: None, but {" and ".join(given)} '
                f'{"is" if len(given) == 1 else "are"} given. These are for each other: give all '
                'of them, or none.'
            )
    model = cfg.model
    if 'module' in model:  # in test time augmentation
        check_typed({**model, 'module': None}, 'model', root.MODELS, scope=scope)
        model = model.module
    nets = {'sr', 'task', *(model.get('extra_nets') or ())}
    _check_model(model, phases_of(cfg), scope)
    for split in ('train', 'val', 'test'):
        loader = cfg.get(f'{split}_dataloader')
        if loader is not None:
            check_loader(loader, f'{split}_dataloader', scope)
    for key, kind in (('train_cfg', None), ('val_cfg', 'ValLoop'), ('test_cfg', 'TestLoop')):
        _check_section(cfg, key, root.LOOPS, scope, kind)
    for key in ('val_evaluator', 'test_evaluator'):
        if cfg.get(key) == []:
            raise ConfigError(f'{key} = []: it must have a metric.')
        if cfg.get(key):
            whole = isinstance(cfg[key], Mapping) and 'metrics' in cfg[key]
            node = cfg[key].metrics if whole else cfg[key]
            check_typed(node, key, root.METRICS, scope=scope)
    _check_hooks(cfg, scope)
    _check_optimizers(cfg, nets, scope)
    _check_section(cfg, 'visualizer', root.VISUALIZERS, scope, 'Visualizer')
    _check_section(cfg, 'log_processor', root.LOG_PROCESSORS, scope, 'LogProcessor')
    _check_section(cfg, 'model_wrapper_cfg', root.MODEL_WRAPPERS, scope, None)
    for key, known in (
        ('env_cfg', ENVIRONMENT),
        ('randomness', RANDOMNESS),
        ('auto_scale_lr', ('enable', 'base_batch_size')),
    ):
        check_keys(cfg.get(key) or {}, key, known)
    if (cfg.get('randomness') or {}).get('seed') is not None:
        check_number(cfg.randomness.seed, 'randomness.seed', least=0, whole=True)
    check_keys((cfg.get('env_cfg') or {}).get('mp_cfg') or {}, 'env_cfg.mp_cfg', PROCESSES)
    if model.get('type') == 'SR4IR':
        check_values(cfg, model, scope)


def check_sections(cfg: Config) -> None:
    """Find top-level values of a wrong kind, whatever the run is.

    Raises:
        ConfigError: There is one.
    """
    for keys, kinds, what in ((DICTS, Mapping, 'a dict'), (LISTS, (list, tuple), 'a list')):
        for key in keys:
            if cfg.get(key) is not None and not isinstance(cfg[key], kinds):
                raise ConfigError(f'{key} = {shown(cfg[key])}: it must be {what}.')
    check_kinds({key: cfg[key] for key in cfg if key not in CHOICES}, '', Runner)
    check_choices(cfg)


def _check_scope(scope: str) -> None:
    """Find a default scope that is neither a library here nor one that a user registers in."""
    if importlib.util.find_spec(scope) is None and not root.MODELS._search_child(scope):
        known = ('sr4ir_mm', 'mmdet', 'mmseg', 'mmpretrain', 'mmagic')
        raise ConfigError(
            f'default_scope = {scope!r}: there is no library of that name here; '
            f'{suggest(scope, known)}'
        )


def _check_section(cfg: Config, key: str, registry: Any, scope: str, kind: str | None) -> None:
    """Check a section with a type, which MMEngine may know if the config does not say it."""
    node = cfg.get(key)
    if node is not None and (kind or 'type' in node):
        check_typed(dict(dict(type=kind), **node), key, registry, scope=scope, also=['by_epoch'])


def _check_model(cfg: Mapping, phases: Iterable[Mapping], scope: str) -> None:
    model = {key: value for key, value in cfg.items() if key not in NETS}
    losses = model.get('losses') or {}
    if not isinstance(losses, Mapping):
        raise ConfigError(f'model.losses = {shown(losses)}: it must be a dict of losses by name.')
    used = {name for phase in phases for name in phase.get('losses') or ()}
    for name, loss in losses.items():
        key, known = f'model.losses.{name}', LOSSES.keys() | used
        if name not in known and (nearest(name, known) or 'type' not in (loss or ())):
            raise ConfigError(f'{key}: no phase names such a loss; {suggest(name, known)}')
        check_typed(loss, key, root.MODELS, scope=scope)
    for name in ('degradation', 'cqmix', 'data_preprocessor'):
        if name in model and cfg.get('type') == 'SR4IR':
            registry = root.TRANSFORMS if name == 'cqmix' else root.MODELS
            check_typed(model[name], f'model.{name}', registry, scope=scope, also=['scale'])
    check_typed(
        {**model, **{name: None for name in NETS if name in cfg}},
        'model',
        root.MODELS,
        scope=scope,
    )


def _check_hooks(cfg: Config, scope: str) -> None:
    hooks = cfg.get('default_hooks') or {}
    for name, hook in hooks.items():
        others = {*OWN_HOOKS, *hooks} - {name}
        slip = misspelt(name, others) and not name.startswith(tuple(others))
        if name not in OWN_HOOKS and slip:
            raise ConfigError(f'default_hooks.{name} = {shown(hook)}: {suggest(name, others)}')
        if hook is not None and (not isinstance(hook, Mapping) or 'type' not in hook):
            raise ConfigError(
                f'default_hooks.{name} = {shown(hook)}: it must be a dict with a type; '
                f'{suggest(name, others)}'
            )
        if hook is not None:
            check_typed(hook, f'default_hooks.{name}', root.HOOKS, scope=scope, also=['priority'])
    custom = cfg.get('custom_hooks') or []
    check_typed(custom, 'custom_hooks', root.HOOKS, scope=scope, also=['priority'])
    pairs = [(f'default_hooks.{name}', hook) for name, hook in hooks.items() if hook]
    for key, hook in [*pairs, *((f'custom_hooks.{i}', hook) for i, hook in enumerate(custom))]:
        priority = hook.get('priority', 'NORMAL')
        if isinstance(priority, str) and priority.upper() not in Priority.__members__:
            known = suggest(priority, Priority.__members__)
            raise ConfigError(f'{key}.priority = {priority!r}: {known}')


def _check_optimizers(cfg: Config, nets: set[str], scope: str) -> None:
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
    clip = node.get('clip_grad') or {}
    if clip and clip.get('type', 'norm') == 'norm':
        check_keys(clip, f'{key}.clip_grad', CLIPPING)
        check_number(clip.get('max_norm'), f'{key}.clip_grad.max_norm', above=0)


def _check_names(node: Mapping, key: str, nets: Iterable[str]) -> None:
    for name in node:
        if name not in nets:
            raise ConfigError(f'{key}.{name} is for no net; {suggest(name, nets)}')
