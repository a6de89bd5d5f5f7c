# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Refuse values of a config that cannot be meant, before anything is built."""

from collections.abc import Mapping
from typing import Any

from mmengine.config import Config
from mmengine.registry import MODELS

from sr4ir_mm.engine.runner.phase import Phase
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.phase_batch import PhaseBatch
from sr4ir_mm.models.sr4ir import LOSSES
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.spelling import suggest
from sr4ir_mm.utils.typed_dicts import find_type

# Whole numbers that something is done at least so many times, or every so many.
LEAST = {
    'train_cfg.max_epochs': 1,
    'train_cfg.max_iters': 1,
    'train_cfg.val_interval': 1,
    'train_cfg.val_begin': 0,
    'default_hooks.checkpoint.interval': 1,
    'default_hooks.checkpoint.max_keep_ckpts': 1,
    'default_hooks.logger.interval': 1,
    'auto_scale_lr.base_batch_size': 1,
    'log_processor.window_size': 1,
}
# Those that MMEngine also takes a -1 for, which is never, or all.
OR_MINUS_ONE = {'default_hooks.checkpoint.interval', 'default_hooks.checkpoint.max_keep_ckpts'}


def phases_of(cfg: Config) -> list[Mapping]:
    """Give a config's phases, wherever it has them; a test needs none."""
    return list((cfg.get('train_cfg') or {}).get('phases') or cfg.get('phases') or ())


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
    image = model.get('predict_on', 'sr')
    if image not in PhaseBatch.IMAGES or image == 'lr':
        known = [name for name in PhaseBatch.IMAGES if name != 'lr']
        raise ConfigError(f'model.predict_on = {image!r}: {suggest(image, known)}')
    losses = LOSSES | dict(model.get('losses') or {})
    for index, phase in enumerate(phases_of(cfg)):
        _check_phase(Phase.from_cfg(phase), f'phases.{index}', losses, scope)
    for index, hook in enumerate(cfg.get('custom_hooks') or ()):
        if 'loss' in hook and hook['loss'] not in losses:
            raise ConfigError(
                f'custom_hooks.{index}.loss = {hook["loss"]!r}: {suggest(hook["loss"], losses)}'
            )


def check_schedule(scheduler: Mapping, key: str) -> None:
    """Refuse a scheduler that ends before it begins, or begins with nothing to multiply.

    Raises:
        ConfigError: It does.
    """
    begin = scheduler.get('begin', 0)
    check_number(begin, f'{key}.begin', least=0)
    if scheduler.get('end') is not None:
        check_number(scheduler['end'], f'{key}.end', above=begin)
    if 'start_factor' in scheduler:  # each rate is a multiple of the one before
        check_number(scheduler['start_factor'], f'{key}.start_factor', above=0, most=1)


def _get(cfg: Any, key: str) -> Any:
    node = cfg
    for name in key.split('.'):
        node = node.get(name) if isinstance(node, Mapping | Config) else None
    return node


def _check_phase(phase: Phase, key: str, losses: Mapping[str, Mapping], scope: str) -> None:
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
