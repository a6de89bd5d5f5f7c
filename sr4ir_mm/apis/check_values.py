# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Refuse values of a config that cannot be meant, before anything is built."""

import inspect
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import MODELS
from torch.distributed import Backend

from sr4ir_mm.engine.runner.phase import Phase
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.memory_format import FORMATS
from sr4ir_mm.models.phase_batch import PhaseBatch
from sr4ir_mm.models.sr4ir import LOSSES
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import suggest
from sr4ir_mm.utils.typed_dicts import check_keys, find_type, shown

# Whole numbers that something is done at least so many times, or every so many.
LEAST = {
    'train_cfg.max_epochs': 1,
    'train_cfg.max_iters': 1,
    'train_cfg.val_interval': 1,
    'train_cfg.val_begin': 0,
    'default_hooks.checkpoint.max_keep_ckpts': 1,
    'env_cfg.mp_cfg.opencv_num_threads': 0,
    'auto_scale_lr.base_batch_size': 1,
    'log_processor.window_size': 1,
}
# Those that MMEngine also takes a -1 for, which is never, or all.
OR_MINUS_ONE = {'default_hooks.checkpoint.max_keep_ckpts'}
FLAGS = (
    *('randomness.deterministic', 'randomness.diff_rank_seed', 'env_cfg.cudnn_benchmark'),
    *('log_processor.by_epoch', 'auto_scale_lr.enable', 'find_unused_parameters'),
)
# Words of which one must be meant; None is the default.
CHOICES: dict[str, Collection] = {
    'launcher': ('none', 'pytorch', 'slurm', 'mpi'),
    'log_level': ('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', *range(51)),
    'model.memory_format': ('auto', *FORMATS),
    'sync_bn': ('torch', 'mmcv', False),
    'default_hooks.checkpoint.rule': ('greater', 'less'),
    'env_cfg.mp_cfg.mp_start_method': ('fork', 'spawn', 'forkserver'),
    'env_cfg.dist_cfg.backend': (*Backend.backend_list, 'hccl', 'cncl', 'mccl'),
}


def phases_of(cfg: Config) -> list[Mapping]:
    """Give a config's phases, wherever it has them; a test needs none."""
    phases = (cfg.get('train_cfg') or {}).get('phases') or cfg.get('phases') or ()
    if not isinstance(phases, (list, tuple)):
        raise ConfigError(f'train_cfg.phases = {shown(phases)}: it must be a list.')
    return list(phases)


def check_values(cfg: Config, model: Mapping, scope: str) -> None:
    """Refuse counts, images and losses that cannot be meant.

    Args:
        cfg (Config): The config, of whose types and keys is known that they exist.
        model (Mapping): Its SR4IR model.
        scope (str): That of unprefixed types.

    Raises:
        ConfigError: There is one.
    """
    for key, least in LEAST.items():
        value = _get(cfg, key)
        if value is not None and not (value == -1 and key in OR_MINUS_ONE):
            check_number(value, key, least=least, whole=True)
    _check_ends(cfg)
    image = model.get('predict_on', 'sr')
    if image not in PhaseBatch.IMAGES or image == 'lr':
        known = [name for name in PhaseBatch.IMAGES if name != 'lr']
        raise ConfigError(f'model.predict_on = {image!r}: {suggest(image, known)}')
    losses = LOSSES | dict(model.get('losses') or {})
    phases = [Phase.from_cfg(phase) for phase in phases_of(cfg)]
    for index, phase in enumerate(phases):
        _check_phase(phase, f'phases.{index}', losses, scope)
    _check_begins(cfg, phases)
    for name, hook in (cfg.get('default_hooks') or {}).items():
        _check_interval(hook or {}, f'default_hooks.{name}')
    for index, hook in enumerate(cfg.get('custom_hooks') or ()):
        _check_interval(hook, f'custom_hooks.{index}')
        if 'loss' in hook and hook['loss'] not in losses:
            raise ConfigError(
                f'custom_hooks.{index}.loss = {hook["loss"]!r}: {suggest(hook["loss"], losses)}'
            )


def check_choices(cfg: Config) -> None:
    """Refuse words that nobody knows.

    Raises:
        ConfigError: There is one.
    """
    for key in FLAGS:
        if _get(cfg, key) not in (None, True, False):
            raise ConfigError(f'{key} = {shown(_get(cfg, key))}: it must be True or False.')
    _check_compile(cfg.get('compile'))
    for key, known in CHOICES.items():
        value = _get(cfg, key)
        for word in value if isinstance(value, list) else [value]:
            if word is not None and word not in known:
                words = [name for name in known if isinstance(name, str)]
                raise ConfigError(f'{key} = {shown(value)}: {suggest(word, words)}')


def _check_compile(options: Any) -> None:
    """Refuse what ``torch.compile`` would, once all is built."""
    if options is None or isinstance(options, bool):
        return
    if not isinstance(options, Mapping):
        raise ConfigError(
            f'compile = {shown(options)}: use True, False or a dict of arguments of torch.compile.'
        )
    check_keys(options, 'compile', inspect.signature(torch.compile).parameters.keys() - {'model'})
    mode, backend = options.get('mode'), options.get('backend')
    if mode is not None:
        from torch._inductor import list_mode_options  # slow, and few ask for it

        if mode not in list_mode_options():
            raise ConfigError(f'compile.mode = {mode!r}: {suggest(mode, list_mode_options())}')
    if isinstance(backend, str):
        from torch._dynamo.backends.registry import list_backends, lookup_backend

        try:
            lookup_backend(backend)
        except Exception as error:
            raise ConfigError(
                f'compile.backend = {backend!r}: {suggest(backend, list_backends())}'
            ) from error


def check_schedule(scheduler: Mapping, key: str) -> None:
    """Refuse a scheduler that ends before it begins, or begins with nothing to multiply.

    Raises:
        ConfigError: It does.
    """
    begin = scheduler.get('begin', 0)
    check_number(begin, f'{key}.begin', least=0)
    if scheduler.get('end') is not None:
        check_number(scheduler['end'], f'{key}.end', above=begin)
    for index, period in enumerate(scheduler.get('periods') or ()):
        check_number(period, f'{key}.periods.{index}', above=0)
    if scheduler.get('T_max') is not None:
        check_number(scheduler['T_max'], f'{key}.T_max', above=0)
    if 'start_factor' in scheduler:  # each rate is a multiple of the one before
        check_number(scheduler['start_factor'], f'{key}.start_factor', above=0, most=1)


def _check_interval(hook: Mapping, key: str) -> None:
    """Refuse a hook that would act every 0 steps; -1 is never."""
    if hook.get('interval', -1) not in (-1, None):
        check_number(hook['interval'], f'{key}.interval', least=1, whole=True)


def _end(cfg: Config) -> tuple[str, Any]:
    """Give the key and the value of how long a training is."""
    keys = ('train_cfg.max_epochs', 'train_cfg.max_iters')
    return next(((key, _get(cfg, key)) for key in keys if _get(cfg, key)), ('', None))


def _check_begins(cfg: Config, phases: Sequence[Phase]) -> None:
    """Refuse a training in which no phase ever begins."""
    key, last = _end(cfg)
    if last is not None and phases and all(phase.begin >= last for phase in phases):
        raise ConfigError(
            f'phases.0.begin = {phases[0].begin}: nothing would be trained before the end, which '
            f'is {key} = {last}.'
        )


def _check_ends(cfg: Config) -> None:
    """Refuse a validation that never comes, and checkpoints that overwrite each other."""
    begin = _get(cfg, 'train_cfg.val_begin')
    key, last = _end(cfg)
    if begin is not None and last is not None and begin > last:
        raise ConfigError(
            f'train_cfg.val_begin = {begin}: there would be no validation before the end, which is '
            f'{key} = {last}. To train without, set val_cfg, val_dataloader and val_evaluator to '
            'None.'
        )
    template = _get(cfg, 'default_hooks.checkpoint.filename_tmpl')
    if template is not None and '{}' not in template:
        raise ConfigError(
            f'default_hooks.checkpoint.filename_tmpl = {template!r}: it must have {{}}, the place '
            'of the number, or checkpoints would overwrite each other.'
        )


def _get(cfg: Any, key: str) -> Any:
    node = cfg
    for name in key.split('.'):
        node = node.get(name) if isinstance(node, Mapping | Config) else None
    return node


def _check_phase(phase: Phase, key: str, losses: Mapping[str, Mapping], scope: str) -> None:
    if not any(weight for weights in phase.losses.values() for weight in weights.values()):
        raise ConfigError(f'{key}.losses: all weights are 0, so it would train on nothing.')
    for name, weights in phase.losses.items():
        if name not in losses:
            raise ConfigError(f'{key}.losses.{name}: no such loss; {suggest(name, losses)}')
        reference = getattr(find_type(losses[name]['type'], MODELS, scope), 'reference', None)
        for image, weight in weights.items():
            place = f'{key}.losses.{name}.{image}'
            if image not in PhaseBatch.IMAGES:
                raise ConfigError(f'{place}: no such images; {suggest(image, PhaseBatch.IMAGES)}')
            if image == reference and weight:
                raise ConfigError(
                    f'{place} = {weight}: {name} compares images with these, so it would be 0.'
                )
