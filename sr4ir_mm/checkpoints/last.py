# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The checkpoint that a run goes on from, and how far it is."""

import os.path as osp
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sr4ir_mm.errors import CheckpointError

POINTER = 'last_checkpoint'  # MMEngine's name


def last_checkpoint(work_dir: str | Path) -> Path | None:
    """Find the checkpoint to go on from.

    It is the one that MMEngine's ``last_checkpoint`` names, also if the run was moved as a whole.
    If that file is missing or broken, since the run was killed while it was being written, it is
    the newest checkpoint that is complete.

    Args:
        work_dir (str | Path): The run's folder.
    """
    pointer = Path(work_dir, POINTER)
    if pointer.is_file():
        named = pointer.read_text(encoding='utf-8').strip()
        for path in (Path(named), Path(work_dir, osp.basename(named))):
            if named and zipfile.is_zipfile(path):
                return path
    numbered = {path: steps_of(path) for path in Path(work_dir).glob('*.pth')}
    for path in sorted(numbered, key=lambda path: numbered[path] or 0, reverse=True):
        # A file that is cut off has no directory at its end.
        if numbered[path] and zipfile.is_zipfile(path):
            return path
    return None


def steps_of(checkpoint: str | Path) -> int | None:
    """Read the epochs or iterations off a name such as ``epoch_12.pth``."""
    match = re.fullmatch(r'(?:epoch|iter)_(\d+)\.pth', osp.basename(checkpoint))
    return int(match[1]) if match else None


def read_meta(checkpoint: str | Path) -> dict:
    """Read what MMEngine keeps beside the weights; empty if they are of another origin.

    Raises:
        CheckpointError: The file cannot be read.
    """
    import torch

    try:
        content = torch.load(checkpoint, map_location='cpu', weights_only=False)
    except Exception as error:  # whatever pickle and zip raise; they do not name the file
        raise CheckpointError(f'{checkpoint} cannot be read as a checkpoint ({error}).') from error
    return dict(content.get('meta') or {}) if isinstance(content, dict) else {}


def trained_config(meta: Mapping) -> Any:
    """Give the config that a checkpoint was trained with; None if it does not hold one."""
    from mmengine.config import Config

    return Config.fromstring(meta['cfg'], '.py') if isinstance(meta.get('cfg'), str) else None


def done_of(meta: Mapping, unit: str) -> int | None:
    """Give how many epochs or iterations a checkpoint has seen; None if it does not say."""
    return meta.get('iter' if unit == 'iterations' else 'epoch')
