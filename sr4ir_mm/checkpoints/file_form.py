# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a checkpoint file is, and whether it is whole; told from its bytes, without unpickling."""

import tarfile
import zipfile
from pathlib import Path

MAX_RATIO = 20
"""Of an archive's content to the file."""
MAX_PICKLE = 64 * 2**20
"""Bytes of the pickle, without the tensors: a few hundred for each of them."""
# How every file of torch.save begins that is no zip archive (torch < 1.6, or by request).
LEGACY = bytes.fromhex('80028a0a6cfc9c46f9206aa85019')


def fault_of(path: str | Path, thorough: bool = False) -> str:
    """Tell what is wrong with a checkpoint file.

    Args:
        path (str | Path): The file.
        thorough (bool): Compare the check sums of all that is in it, which reads the whole file.
            Defaults to False: a file that was cut off is found, a flipped bit is not.

    Returns:
        str: What is wrong, as the end of a sentence about the file; empty if nothing is.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return 'it is a folder'
        if not path.is_file():
            return 'there is no such file'
        with path.open('rb') as file:
            head = file.read(16)
        if not head:
            return 'it is empty'
        if head.startswith(b'PK'):
            return _fault_of_zip(path, thorough)
        if head[8:9] == b'{':
            return 'it is a safetensors file, which is not supported: save its tensors as .pth'
        if head.startswith(LEGACY):
            return ''
        if tarfile.is_tarfile(path):
            return 'it is a tar archive, of PyTorch 0.1 at best, which is not supported'
    except OSError as error:
        return f'it cannot be opened ({error.strerror})'
    return 'it is no file of torch.save'


def pickle_in(file: zipfile.ZipFile) -> str | None:
    """Name the archive's member that says how its tensors are put together."""
    return next((name for name in file.namelist() if name.endswith('/data.pkl')), None)


def _fault_of_zip(path: Path, thorough: bool) -> str:
    try:
        with zipfile.ZipFile(path) as file:
            if pickle_in(file) is None:
                return 'it is an archive of something else'
            names = file.namelist()
            if any(name.endswith('/constants.pkl') for name in names):
                return 'it is a TorchScript program, not weights'
            if len(set(names)) < len(names):
                return 'it is an archive that holds two files of one name'
            size = sum(member.file_size for member in file.infolist())
            if size > MAX_RATIO * path.stat().st_size:  # torch.save compresses nothing
                return f'it would take {size / 2**20:.0f} MiB, far more than the file has'
            if file.getinfo(pickle_in(file) or '').file_size > MAX_PICKLE:
                return f'what puts its tensors together has more than {MAX_PICKLE >> 20} MiB'
            damaged = file.testzip() if thorough else None
    except Exception as error:  # whatever damaged bytes make zipfile raise
        return f'it is cut off or damaged ({error})'
    return f'it is damaged (the check sum of {damaged} is wrong)' if damaged else ''
