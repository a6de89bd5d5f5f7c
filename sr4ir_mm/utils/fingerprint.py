# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tell whether two configs give the same run: a hash of the parts that matter.

The work dir, the root of the work dirs that nets start from, logging, hooks of the runtime, the
launcher, the number of loading processes and losses that no phase names do not matter; everything
that the weights or the figures depend on does. Imports no PyTorch.
"""

import hashlib
import json
import os
import os.path as osp
from collections.abc import Mapping
from typing import Any

from .layout import SEED

TRAINING = (
    'model', 'phases', 'train_dataloader', 'optim_wrapper', 'param_scheduler', 'auto_scale_lr',
    'train_cfg', 'custom_hooks', 'randomness',
)  # fmt: skip
TESTING = ('model', 'test_dataloader', 'test_evaluator', 'test_cfg')
LOADING = ('num_workers', 'persistent_workers', 'prefetch_factor', 'pin_memory')


def training_parts(cfg: Mapping) -> dict[str, Any]:
    """Take what trained weights depend on, as plain JSON types.

    Args:
        cfg (Mapping): A config.
    """
    parts = _parts(cfg, TRAINING)
    # Where the nets are compiled, or round: weights depend on it, hook of the runtime or not.
    tf32 = (cfg.get('default_hooks') or {}).get('tf32')
    rounding = dict(compile=cfg.get('compile'), tf32=tf32)
    parts |= {key: value for key, value in rounding.items() if value}
    losses, phases = parts.get('model', {}).get('losses'), parts.get('phases')
    # What is of another form is left as it is: the check of the config names it.
    if isinstance(losses, dict) and isinstance(phases, list):
        named = {name for phase in phases for name in _losses(phase)}
        parts['model']['losses'] = {k: loss for k, loss in losses.items() if k in named}
    init = parts.get('model', {}).get('init')
    if init:
        parts['model']['init'] = {key: _source(value) for key, value in init.items()}
    return parts


def evaluation_parts(cfg: Mapping) -> dict[str, Any]:
    """Take what the figures of given weights depend on, as plain JSON types.

    Args:
        cfg (Mapping): A config.
    """
    parts = _parts(cfg, TESTING)
    for key in ('init', 'losses'):
        parts.get('model', {}).pop(key, None)
    return parts


def fingerprint(parts: Mapping) -> str:
    """Hash parts of a config.

    Args:
        parts (Mapping): Of :func:`training_parts` or :func:`evaluation_parts`.

    Returns:
        str: 16 hexadecimal digits.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changes(old: Mapping, new: Mapping) -> list[tuple[str, Any, Any]]:
    """List the dotted keys in which two configs' parts differ, with the old and the new value."""
    before, after = _flat(old), _flat(new)
    return [
        (key, before.get(key, 'not set'), after.get(key, 'not set'))
        for key in sorted({*before, *after})
        if before.get(key, ...) != after.get(key, ...)
    ]


def differences(old: Mapping, new: Mapping) -> list[str]:
    """Name the dotted keys in which two configs' parts differ, as 'key (old value, now new)'."""
    return [f'{key} ({then}, now {now})' for key, then, now in changes(old, new)]


def _parts(cfg: Mapping, keys: tuple[str, ...]) -> dict[str, Any]:
    chosen = {key: cfg[key] for key in keys if key in cfg}
    parts = json.loads(json.dumps(chosen, default=repr))
    for key in parts:
        if key.endswith('_dataloader') and parts[key]:
            parts[key] = {name: part for name, part in parts[key].items() if name not in LOADING}
    return parts


def _losses(phase: Any) -> Any:
    losses = phase.get('losses') if isinstance(phase, dict) else None
    return losses if isinstance(losses, dict) else ()


def _source(value: Any) -> Any:
    """Keep the last two folders of a work dir, and that of its seed; a file is named as it is."""
    if not isinstance(value, str) or osp.splitext(value)[1]:
        return value
    parts = osp.normpath(value).split(os.sep)
    return '/'.join(parts[-3 if parts[-1].startswith(SEED) else -2 :])


def _flat(value: Any, prefix: str = '') -> dict[str, Any]:
    if isinstance(value, Mapping) and value:
        items = value.items()
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        items = dict(enumerate(value)).items()
    else:
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, part in items:
        flat |= _flat(part, f'{prefix}.{key}' if prefix else str(key))
    return flat
