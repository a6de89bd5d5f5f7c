# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A pickle module that knows what it is told, for PyTorch versions that cannot be told."""

import pickle
from types import SimpleNamespace
from typing import Any

from .allowed_globals import full_name


def restricted_pickle(known: dict[str, Any]) -> SimpleNamespace:
    """Make what ``torch.load`` takes as ``pickle_module``.

    Its unpickler gives nothing but ``known``, so nothing else is called, and it sets the state of
    instances of known types only: of a class or a function, that would change it for the process.

    Args:
        known (dict[str, Any]): Types and functions by full name.
    """
    types = {value for value in known.values() if isinstance(value, type)}

    # Not pickle.Unpickler, of which one cannot override how states are set.
    python_unpickler: Any = pickle._Unpickler

    class Unpickler(python_unpickler):
        dispatch = dict(python_unpickler.dispatch)

        def find_class(self, module: str, name: str) -> Any:
            if (wanted := full_name(module, name)) not in known:
                raise pickle.UnpicklingError(f'it holds {wanted}')
            return known[wanted]

        def load_build(self) -> None:
            if type(self.stack[-2]) not in types:
                raise pickle.UnpicklingError(f'{self.stack[-2]} takes no state')
            super().load_build()

        dispatch[pickle.BUILD[0]] = load_build

    def load(file: Any, **options: Any) -> Any:
        return Unpickler(file, **options).load()

    return SimpleNamespace(__name__='restricted_pickle', Unpickler=Unpickler, load=load)
