# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare a config with what reads it, before anything is built.

The nets of the model are compared where they are built, by :func:`build_net`, which knows their
library, and phases by the loop.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from mmengine import registry as root
from mmengine.config import Config
from mmengine.optim import DefaultOptimWrapperConstructor, OptimWrapper
from mmengine.runner import Runner
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.sr4ir import LOSSES
from sr4ir_mm.utils.accepted_arguments import accepted_arguments
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import nearest, suggest
from sr4ir_mm.utils.typed_dicts import check_keys, check_typed, shown

from .check_values import check_schedule, check_values, phases_of

DICTS = ('model', 'train_dataloader', 'val_dataloader', 'test_dataloader', 'train_cfg', 'val_cfg',
         'test_cfg', 'optim_wrapper', 'default_hooks', 'env_cfg', 'log_processor', 'randomness',
         'visualizer', 'auto_scale_lr', 'model_wrapper_cfg', 'tta_model')  # fmt: skip
LISTS = ('phases', 'custom_hooks', 'tta_pipeline')
NETS = ('sr', 'task', 'extra_nets')
# What MMEngine reads out of dicts without asking a signature.
LOADER = {*inspect.signature(DataLoader.__init__).parameters, 'dataset', 'num_batch_per_epoch',
          'disable_subprocess_warning'} - {'self'}  # fmt: skip
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
    _check_kinds(cfg)
    scope = cfg.get('default_scope', 'sr4ir_mm')
    model = cfg.model
    if 'module' in model:  # in test time augmentation
        check_typed({**model, 'module': None}, 'model', root.MODELS, scope=scope)
        model = model.module
    nets = {'sr', 'task', *(model.get('extra_nets') or ())}
    _check_model(model, phases_of(cfg), scope)
    for split in ('train', 'val', 'test'):
        loader = cfg.get(f'{split}_dataloader')
        if loader is not None:
            _check_loader(loader, f'{split}_dataloader', scope)
    for key, kind in (('train_cfg', None), ('val_cfg', 'ValLoop'), ('test_cfg', 'TestLoop')):
        _check_section(cfg, key, root.LOOPS, scope, kind)
    for key in ('val_evaluator', 'test_evaluator'):
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
    check_keys((cfg.get('env_cfg') or {}).get('mp_cfg') or {}, 'env_cfg.mp_cfg', PROCESSES)
    if model.get('type') == 'SR4IR':
        check_values(cfg, model, scope)


def _check_kinds(cfg: Config) -> None:
    if not isinstance(cfg.get('model'), Mapping):
        raise ConfigError(f'model = {shown(cfg.get("model"))}: it must be a dict with a type.')
    for keys, kinds, what in ((DICTS, Mapping, 'a dict'), (LISTS, (list, tuple), 'a list')):
        for key in keys:
            if cfg.get(key) is not None and not isinstance(cfg[key], kinds):
                raise ConfigError(f'{key} = {shown(cfg[key])}: it must be {what}.')


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


def _check_loader(node: Mapping, key: str, scope: str) -> None:
    check_keys(node, key, LOADER)
    for name in ('dataset', 'sampler'):
        if node.get(name) is None:
            raise ConfigError(f'{key} has no {name}.')
    check_typed(node['dataset'], f'{key}.dataset', root.DATASETS, root.TRANSFORMS, scope=scope)
    for name in ('sampler', 'batch_sampler'):
        if node.get(name) is not None:
            check_typed(node[name], f'{key}.{name}', root.DATA_SAMPLERS, scope=scope)
    if 'batch_size' in node or node.get('batch_sampler') is not None:
        check_number(node.get('batch_size'), f'{key}.batch_size', least=1, whole=True)
    check_number(node.get('num_workers', 0), f'{key}.num_workers', least=0, whole=True)


def _check_hooks(cfg: Config, scope: str) -> None:
    hooks = cfg.get('default_hooks') or {}
    for name, hook in hooks.items():
        if hook is not None and (not isinstance(hook, Mapping) or 'type' not in hook):
            others = {'runtime_info', *hooks} - {name}
            raise ConfigError(
                f'default_hooks.{name} = {shown(hook)}: it must be a dict with a type; '
                f'{suggest(name, others)}'
            )
        if hook is not None:
            check_typed(hook, f'default_hooks.{name}', root.HOOKS, scope=scope, also=['priority'])
    custom = cfg.get('custom_hooks') or []
    check_typed(custom, 'custom_hooks', root.HOOKS, scope=scope, also=['priority'])


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
    clip = node.get('clip_grad') or {}
    if clip and clip.get('type', 'norm') == 'norm':
        check_keys(clip, f'{key}.clip_grad', CLIPPING)


def _check_names(node: Mapping, key: str, nets: Iterable[str]) -> None:
    for name in node:
        if name not in nets:
            raise ConfigError(f'{key}.{name} is for no net; {suggest(name, nets)}')
