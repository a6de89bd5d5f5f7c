# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a checkpoint says about the run that wrote it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sr4ir_mm.errors import CheckpointError

from .literal_config import parse_config
from .reading import read_checkpoint

VALIDATION_DUE = 'validation_due'  # the key: of its step, no validation is done that should be


def read_meta(checkpoint: str | Path) -> dict:
    """Read what MMEngine keeps beside the weights; empty if they are of another origin.

    Raises:
        CheckpointError: The file cannot be read.
    """
    meta = read_checkpoint(checkpoint).get('meta')
    return dict(meta) if isinstance(meta, Mapping) else {}


def training_seconds(checkpoint: str | Path) -> float | None:
    """Add up how long the iterations took that a checkpoint has seen, resumptions included.

    Args:
        checkpoint (str | Path): The file.

    Returns:
        float | None: Seconds, without validation and saving; None if it does not say.

    Raises:
        CheckpointError: The file cannot be read.
    """
    hub = read_checkpoint(checkpoint).get('message_hub')
    scalars = hub.get('log_scalars') if isinstance(hub, Mapping) else None
    times = (scalars or {}).get('train/time')
    return None if times is None else float(times.data[0].sum())


def trained_config(meta: Mapping, source: str | Path = 'the checkpoint') -> Any:
    """Give the config that a checkpoint was trained with; None if it does not hold one.

    MMEngine keeps it as a text of Python, of which only literals are taken and nothing is run.

    Args:
        meta (Mapping): Of :func:`read_meta`.
        source (str | Path): The file, for messages. Defaults to 'the checkpoint'.

    Returns:
        Config | None: The config.

    Raises:
        CheckpointError: The text is not one that MMEngine writes.
    """
    from mmengine.config import Config

    if not isinstance(meta.get('cfg'), str):
        return None
    try:
        return Config(parse_config(meta['cfg']))
    except (ValueError, KeyError) as error:  # Config refuses a few names
        raise CheckpointError(
            f'The config that {source} was trained with cannot be taken from it: {error}.'
        ) from error


def done_of(meta: Mapping, unit: str, source: str | Path = 'the checkpoint') -> int | None:
    """Give how many epochs or iterations a checkpoint has seen; None if it does not say.

    Raises:
        CheckpointError: What it says is no number.
    """
    key = 'iter' if unit == 'iterations' else 'epoch'
    done = meta.get(key)
    if done is not None and not isinstance(done, int):
        raise CheckpointError(f'The meta of {source} is damaged: {key} is {done!r}.')
    return done
