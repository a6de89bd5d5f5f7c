# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Checkpoint files that one should not trust, in each form that PyTorch reads."""

import io
import os
import pickle
import tarfile
from pathlib import Path
from typing import Any

import torch


class Payload:
    """What makes a folder when it is unpickled.

    Args:
        marker (Path): The folder.
    """

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple:
        return os.makedirs, (str(self.marker), 0o777, True)


def save_malicious(path: Path, marker: Path, form: str = 'zip', state: Any = None) -> Path:
    """Write weights with a :class:`Payload`.

    Args:
        path (Path): The file.
        marker (Path): What appears if its code is run.
        form (str): 'zip', 'legacy' or 'tar'. Defaults to 'zip'.
        state (Any): The weights beside it. Defaults to one.
    """
    content = dict(state_dict=state or {'weight': torch.zeros(1)}, payload=Payload(marker))
    if form != 'tar':
        torch.save(content, path, _use_new_zipfile_serialization=form == 'zip')
        return path
    # As PyTorch 0.1 wrote it: no tensors, and a pickle.
    members = dict(storages=[0, []], tensors=[0], pickle=[content])
    with tarfile.open(path, 'w') as archive:
        for name, parts in members.items():
            data = b''.join(pickle.dumps(part, 2) for part in parts)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path
