# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a checkpoint may hold beside tensors: MMEngine's own types, NumPy's and plain containers."""

import pickle
import pickletools
import zipfile
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sr4ir_mm.compat import torch_globals

from .file_form import LEGACY, pickle_in

MULTIARRAY = ('numpy.core.multiarray', 'numpy._core.multiarray')  # NumPy 1 and 2


@cache
def allowed_globals() -> dict[str, Any]:
    """Give what may be named in a checkpoint, by full name, beside what PyTorch allows itself.

    Where a general function is named, as in any pickle, it is one that can do only what is needed.
    """
    import numpy as np
    import torch
    from mmengine.logging.history_buffer import HistoryBuffer

    reconstruct, scalar = np.zeros(1).__reduce__()[0], np.float64(0).__reduce__()[0]
    # Neither objects nor records: numbers, texts and times.
    kinds = {type(np.dtype(code)) for code in np.typecodes['All'] if code not in 'OV'}
    return {
        **{f'{module}._reconstruct': reconstruct for module in MULTIARRAY},
        **{f'{module}.scalar': scalar for module in MULTIARRAY},
        **{f'numpy.dtypes.{kind.__name__}': kind for kind in kinds},
        'numpy.ndarray': np.ndarray,
        'numpy.dtype': np.dtype,
        'mmengine.logging.history_buffer.HistoryBuffer': HistoryBuffer,
        'builtins.getattr': _statistic,
        '_codecs.encode': _latin1,
        'builtins.bytes': _no_bytes,
        'builtins.set': set,
        'builtins.frozenset': frozenset,
        'builtins.complex': complex,
        'torch.device': torch.device,
        **{str(v): v for v in vars(torch).values() if isinstance(v, torch.dtype)},
    }


def foreign_globals(path: Path) -> list[str]:
    """Name what a checkpoint file wants to use and may not. Nothing of it is imported or called."""
    return sorted(_globals_in(path) - allowed_globals().keys() - torch_globals().keys())


def _globals_in(path: Path) -> set[str]:
    names: set[str] = set()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return set(_globals_of(archive.read(pickle_in(archive) or '')))
    with path.open('rb') as file:
        # A magic number, a version, the system and the content; after those, the tensors' bytes.
        if file.read(len(LEGACY)) == LEGACY:
            file.seek(0)
            for _ in range(4):
                names.update(_globals_of(file))
    return names


def _globals_of(data: Any) -> Iterator[str]:
    texts: list[str] = []
    for code, value, _ in pickletools.genops(data):
        if code.name in ('GLOBAL', 'INST'):
            yield full_name(*str(value).split(' ', 1))
        elif code.name == 'STACK_GLOBAL':  # of texts seen before: a guess, for messages
            yield full_name(*texts[-2:]) if len(texts) > 1 else 'a hidden name'
        elif isinstance(value, str):
            texts.append(value)


def full_name(module: str, name: str) -> str:
    """Give today's name of what a pickle names, which may be as in Python 2."""
    module, name = NAME_MAPPING.get((module, name), (IMPORT_MAPPING.get(module, module), name))
    return f'{module}.{name}'


def _statistic(owner: type, name: str) -> Any:
    """Stand for ``getattr``, by which a HistoryBuffer names its own methods."""
    from mmengine.logging.history_buffer import HistoryBuffer

    if owner is not HistoryBuffer or name not in ('min', 'max', 'mean', 'current'):
        raise pickle.UnpicklingError(f'getattr of {name}')
    return getattr(HistoryBuffer, name)


def _latin1(text: str, encoding: str) -> bytes:
    """Stand for ``codecs.encode``, by which bytes are pickled; other codecs can unpack bombs."""
    if encoding != 'latin1':
        raise pickle.UnpicklingError(f'bytes encoded as {encoding}')
    return text.encode('latin1')


def _no_bytes() -> bytes:
    """Stand for ``bytes``, by which empty ones are pickled; with a number it takes memory."""
    return b''
