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
from mmengine.runner import Priority, Runner

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.sr4ir import LOSSES
from sr4ir_mm.registry import SCOPE
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import misspelt, nearest, suggest
from sr4ir_mm.utils.typed_dicts import check_keys, check_kinds, check_typed, shown

from .check_loader import check_loader, check_pipeline
from .check_optimizers import check_optimizers
from .check_values import CHOICES, check_choices, check_values, phases_of
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
# Names of parts of the model, as 'task.backbone'.
OF_NETS = ('activation_checkpointing', 'efficient_conv_bn_eval')
# What MMEngine reads out of dicts without asking a signature.
ENVIRONMENT = ('cudnn_benchmark', 'mp_cfg', 'dist_cfg', 'resource_limit')
PROCESSES = ('mp_start_method', 'opencv_num_threads')
RANDOMNESS = inspect.signature(Runner.set_randomness).parameters.keys() - {'self'}


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
    extra = model.get('extra_nets') or {}
    if not isinstance(extra, Mapping):
        raise ConfigError(f'model.extra_nets = {shown(extra)}: it must be a dict of nets by name.')
    nets = {'sr', 'task', *extra}
    _check_model(model, phases_of(cfg), scope)
    for key in OF_NETS:
        _check_parts(cfg.get(key), key, nets)
    check_pipeline(cfg.get('tta_pipeline'), 'tta_pipeline')
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
    check_optimizers(cfg, nets, scope)
    if cfg.get('runner_type'):
        check_typed(dict(type=cfg.runner_type), 'runner_type', root.RUNNERS, scope=scope)
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
        check_typed(dict(dict(type=kind), **node), key, registry, scope=scope)


def _check_parts(names: Any, key: str, nets: Iterable[str]) -> None:
    """Find parts of no net; whether a net has the part is found where it is looked up."""
    listed = [names] if isinstance(names, str) else names or []
    if not isinstance(listed, (list, tuple)) or not all(isinstance(name, str) for name in listed):
        raise ConfigError(f"{key} = {shown(names)}: it must be a list, as ['task.backbone'].")
    for name in listed:
        if name.partition('.')[0] not in nets:
            raise ConfigError(f'{key} = {shown(names)}: {name!r} is of no net; '
                              f'{suggest(name.partition(".")[0], nets)}')  # fmt: skip


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
