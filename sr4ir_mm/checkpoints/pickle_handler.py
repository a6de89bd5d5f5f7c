# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pickles of annotations, proposals and predictions, of which nothing runs."""

from io import BytesIO
from typing import Any

from mmengine.fileio.handlers import PickleHandler

from sr4ir_mm.compat import torch_globals
from sr4ir_mm.errors import DataError

from .allowed_globals import allowed_globals
from .reading import is_trusted
from .restricted_pickle import restricted_pickle


class SafePickleHandler(PickleHandler):
    """Reads ``.pkl`` for MMEngine, and so for the libraries' data sets, as checkpoints are read."""

    def load_from_fileobj(self, file: Any, **kwargs: Any) -> Any:
        """Read plain containers, numbers, arrays and tensors.

        Raises:
            DataError: It holds something else, which could run code, or is no pickle.
        """
        if is_trusted():
            return super().load_from_fileobj(file, **kwargs)
        known = torch_globals() | allowed_globals() | {'torch.storage._load_from_bytes': _storage}
        try:
            return restricted_pickle(known).load(file, **kwargs)
        except Exception as error:  # whatever unpickling raises
            raise DataError(
                f'A pickle (.pkl) cannot be read: {error}. Only plain data, arrays and tensors '
                'are, for others could run any code. If you trust where it is from, --trust reads '
                'it.'
            ) from error


def _storage(content: bytes) -> Any:
    """Stand for PyTorch's function of that name, which unpickles without limits."""
    import torch

    return torch.load(BytesIO(content), weights_only=True)
