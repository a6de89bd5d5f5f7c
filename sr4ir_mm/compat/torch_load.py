# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Reading weights only, by any version of PyTorch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .versions import release


def torch_globals() -> dict[str, Any]:
    """Give what PyTorch allows in a file of weights only, by full name; it differs by version."""
    from torch import _weights_only_unpickler

    return _weights_only_unpickler._get_allowed_globals()


def load_weights_only(file: Path, map_location: Any, allowed: dict, restricted: Callable) -> Any:
    """Call ``torch.load(weights_only=True)`` with further types that a file may name.

    Before 2.6 nobody can name some; there the file is read with a pickle module that we make.

    Args:
        file (Path): No TorchScript, which old versions would run.
        map_location (Any): See :func:`torch.load`.
        allowed (dict[str, Any]): Types and functions by full name.
        restricted (Callable): Makes a pickle module of all that is allowed.
    """
    import torch

    if release(torch.__version__) >= (2, 6):
        with torch.serialization.safe_globals([(v, name) for name, v in allowed.items()]):
            return torch.load(file, map_location=map_location, weights_only=True)
    pickle_module = restricted(torch_globals() | allowed)
    return torch.load(
        file, map_location=map_location, weights_only=False, pickle_module=pickle_module
    )
