# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Write a checkpoint, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.utils.files import whole_file


@contextmanager
def checkpoint_file(path: str | Path) -> Iterator[BinaryIO]:
    """Open a checkpoint, or what points to one, to write it whole or not at all.

    Args:
        path (str | Path): The file; its folder is made if need be.

    Raises:
        CheckpointError: It cannot be written. What was there before is still there.
    """
    if Path(path).is_dir():
        raise CheckpointError(f'{path} is a folder: name the file to write.')
    try:
        with whole_file(path) as file:
            yield file
    except (OSError, RuntimeError) as error:  # PyTorch wraps a full disk in the latter
        raise CheckpointError(
            f'{path} cannot be written ({error}). What was there before is untouched.'
        ) from error


def save_checkpoint(content: dict, path: str | Path) -> None:
    """Write what :func:`torch.save` can write.

    Args:
        content (dict): The checkpoint.
        path (str | Path): The file; see :func:`checkpoint_file`.

    Raises:
        CheckpointError: It cannot be written.
    """
    import torch

    with checkpoint_file(path) as file:
        torch.save(content, file)
