# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmagic 1.2.0: its nets without the rest of it, beside a newer mmcv and NumPy 2."""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from .how_to_install import how_to_install
from .lazy_packages import LazyFinder


@functools.cache
def import_mmagic() -> ModuleType:
    """Make look-ups such as ``'mmagic.EDSRNet'`` and imports from mmagic work.

    Imported as it is, mmagic pulls in all its models, and with them diffusers 0.24 and
    transformers of 2024, which no SR net needs. So a type's own module is imported when it is
    looked up, and no other. What was imported before stays as it is.

    Raises:
        ImportError: mmagic is not installed.
    """
    if importlib.util.find_spec('mmagic') is None:
        raise ImportError(f'mmagic is not installed: {how_to_install("mmagic")}')
    sys.meta_path.insert(0, LazyFinder('mmagic', _as_mmagic_expects))
    from .mmagic_registries import look_up_lazily

    look_up_lazily(importlib.import_module('mmagic.registry'))
    return importlib.import_module('mmagic')


@contextmanager
def _as_mmagic_expects() -> Iterator[None]:
    """Show the versions that mmagic asks for while a file of it runs."""
    import mmcv
    import numpy as np

    mmcv_version = mmcv.__version__
    lacks_bool8 = 'bool8' not in vars(np)
    try:
        # mmagic asserts mmcv < 2.2.0, though its nets run with newer ones.
        mmcv.__version__ = '2.1.0'
        # mmagic.utils names np.bool8, which NumPy 2 lacks and 1.24 deprecates.
        if lacks_bool8:
            np.bool8 = np.bool_  # type: ignore[attr-defined]
        yield
    finally:
        mmcv.__version__ = mmcv_version
        if lacks_bool8:
            del np.bool8  # type: ignore[attr-defined]
