# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The only place where a weights file is opened."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sr4ir_mm.compat import load_weights_only
from sr4ir_mm.errors import CheckpointError

from .allowed_globals import allowed_globals, foreign_globals
from .file_form import fault_of
from .restricted_pickle import restricted_pickle
from .sources import fetch

_TRUSTED = ContextVar('trusted', default=False)


def is_trusted() -> bool:
    """Tell whether every file is read as if ``trust`` was given."""
    return _TRUSTED.get()


@contextmanager
def trusting(trust: bool = True) -> Iterator[None]:
    """Read every file as if ``trust`` was given, also those that MMEngine asks for; and say so.

    Args:
        trust (bool): False changes nothing. Defaults to True.
    """
    if not trust:
        yield
        return
    print('Weights files are trusted in this run: reading one runs whatever code it holds.')
    token = _TRUSTED.set(True)
    try:
        yield
    finally:
        _TRUSTED.reset(token)


def read_checkpoint(path: str | Path, trust: bool = False, map_location: Any = 'cpu') -> dict:
    """Read a checkpoint: weights, plain containers, and what MMEngine keeps beside them.

    A pickle is a program; of a file that is not trusted, nothing runs but what puts these together.

    Args:
        path (str | Path): A file of :func:`torch.save`, or a source such as ``torchvision://vgg19``
            or ``https://...``, which is downloaded once.
        trust (bool): Also read a file that runs other code. Defaults to False.
        map_location (Any): See :func:`torch.load`. Defaults to 'cpu'.

    Raises:
        CheckpointError: There is no such file, it is damaged or no checkpoint, or it needs trust.
    """
    import torch

    file = fetch(str(path))
    fault = fault_of(file, thorough=True)
    if fault:
        raise CheckpointError(f'{file} cannot be read as a checkpoint: {fault}.')
    try:
        if trust or is_trusted():
            content = torch.load(file, map_location=map_location, weights_only=False)
        else:
            foreign = foreign_globals(file)
            if foreign:
                raise CheckpointError(
                    f'{file} holds more than weights: {", ".join(foreign[:5])}'
                    f'{" and others" if len(foreign) > 5 else ""}. Reading it could run any code. '
                    'If you trust where it is from, --trust reads it nevertheless (in Python: '
                    'trust=True).'
                )
            content = load_weights_only(file, map_location, allowed_globals(), restricted_pickle)
    except CheckpointError:
        raise
    except Exception as error:  # whatever unpickling raises; it does not name the file
        raise CheckpointError(f'{file} cannot be read as a checkpoint: {_reason(error)}') from error
    if not isinstance(content, dict):
        raise CheckpointError(f'{file} holds a {type(content).__name__}, not weights by name.')
    return content


def _reason(error: Exception) -> str:
    """Take the reason out of what PyTorch says, which may go on with unsafe advice."""
    text = str(error)
    if found := re.search(r'WeightsUnpickler error: *(\S.*)', text):
        text = f'its pickle does what no file of weights does ({found[1].strip()})'
    return next(iter(text.splitlines()), type(error).__name__)
