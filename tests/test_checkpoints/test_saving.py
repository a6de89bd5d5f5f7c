# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A checkpoint is written whole or not at all."""

from pathlib import Path

import pytest
import torch

from sr4ir_mm.checkpoints import read_checkpoint, save_checkpoint
from sr4ir_mm.errors import CheckpointError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / 'new/folder/a.pth'
    for value in (1.0, 2.0):
        save_checkpoint(dict(a=torch.tensor(value)), path)
        assert read_checkpoint(path)['a'] == value
    assert list(path.parent.iterdir()) == [path]


class Full:
    """What cannot be written."""

    def __reduce__(self) -> tuple:
        raise OSError(28, 'No space left on device')


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / 'a.pth'
    save_checkpoint(dict(a=torch.tensor(1.0)), path)
    with pytest.raises(CheckpointError, match=r'a\.pth cannot be written .*No space left'):
        save_checkpoint(dict(a=torch.tensor(2.0), b=Full()), path)
    assert read_checkpoint(path)['a'] == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match='is a folder: name the file'):
        save_checkpoint({}, tmp_path)
    assert not list(tmp_path.iterdir())
