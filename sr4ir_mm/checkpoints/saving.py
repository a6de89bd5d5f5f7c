# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Write a checkpoint, whole or not at all."""

import os
from pathlib import Path

from sr4ir_mm.errors import CheckpointError


def save_checkpoint(content: dict, path: str | Path) -> None:
    """Write beside the target, flush to the disk, then rename; make the folder if need be.

    Args:
        content (dict): What :func:`torch.save` can write.
        path (str | Path): The file.

    Raises:
        CheckpointError: It cannot be written. What was there before is still there.
    """
    import torch

    path = Path(path)
    if path.is_dir():
        raise CheckpointError(f'{path} is a folder: name the file to write.')
    part = path.with_name(f'{path.name}.part')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open('wb') as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except (OSError, RuntimeError) as error:  # PyTorch wraps a full disk in the latter
        part.unlink(missing_ok=True)
        raise CheckpointError(f'{path} cannot be written ({error}).') from error
