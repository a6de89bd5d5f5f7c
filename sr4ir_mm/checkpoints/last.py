# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The checkpoint that a run goes on from: one rule for all who ask."""

import os.path as osp
import re
import zipfile
from pathlib import Path

from sr4ir_mm.errors import CheckpointError

from .file_form import fault_of
from .reading import read_checkpoint

POINTER = 'last_checkpoint'  # MMEngine's name


def last_checkpoint(work_dir: str | Path) -> Path | None:
    """Find the checkpoint to go on from, or to start another run from.

    It is the one that MMEngine's file ``last_checkpoint`` names, also if the run was moved. If that
    file or what it names is missing or broken, since the run was killed while writing it, it is
    the newest numbered checkpoint that is whole.

    Args:
        work_dir (str | Path): The run's folder.
    """
    return next((path for path in _candidates(work_dir) if not fault_of(path)), None)


def checkpoint_to_resume(work_dir: str | Path) -> tuple[Path | None, list[str]]:
    """Find the same by reading whole files, and tell why others were passed over.

    Args:
        work_dir (str | Path): The run's folder.

    Returns:
        tuple[Path | None, list[str]]: The checkpoint, None where nothing was saved yet; and a line
            for each that was passed over.

    Raises:
        CheckpointError: There are checkpoints, but none can be read.
    """
    passed: list[str] = []
    candidates = _candidates(work_dir)
    for path in candidates:
        fault = fault_of(path, thorough=True) or _fault_in_reading(path)
        if not fault:
            return path, passed
        passed.append(f'{path} is passed over: {fault}.')
    if any(osp.isfile(path) for path in candidates):
        raise CheckpointError(
            f'No checkpoint in {work_dir} can be read, and a new run would overwrite them. '
            f'{" ".join(passed)} Move them away to start anew, or name another work dir.'
        )
    return None, passed


def steps_of(checkpoint: str | Path) -> int | None:
    """Read the epochs or iterations off a name such as ``epoch_12.pth``."""
    match = re.fullmatch(r'(?:epoch|iter)_(\d+)\.pth', osp.basename(checkpoint))
    return int(match[1]) if match else None


def _fault_in_reading(path: Path) -> str:
    """Read a file that has no check sums, to tell whether it is whole."""
    if zipfile.is_zipfile(path):
        return ''
    try:
        read_checkpoint(path)
    except CheckpointError as error:
        return str(error)
    return ''


def _candidates(work_dir: str | Path) -> list[Path]:
    """List what could be the last checkpoint, the best first."""
    pointer = Path(work_dir, POINTER)
    named = pointer.read_text('utf-8', 'replace').strip() if pointer.is_file() else ''
    found = []
    if named and named.isprintable():  # else what a broken disk left
        # The run may have been moved or copied as a whole: its own file comes first.
        own = Path(work_dir, osp.basename(named))
        found = [own if osp.isfile(own) else Path(named)]
    numbered = [(steps_of(path), path) for path in Path(work_dir).glob('*.pth')]
    newest = sorted([(steps, path) for steps, path in numbered if steps is not None], reverse=True)
    return found + [path for _, path in newest if path not in found]
