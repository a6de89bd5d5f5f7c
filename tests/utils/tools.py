# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The scripts of tools/, as modules."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

TOOLS = Path(__file__).parents[2] / 'tools'


def tool(name: str) -> ModuleType:
    """Import a script anew; like Python, let it import the modules beside it.

    Args:
        name (str): Such as 'train' or 'dataset_converters/prepare_voc'.
    """
    path = TOOLS / f'{name}.py'
    spec = importlib.util.spec_from_file_location(f'tool_{path.stem}', path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    with patch.object(sys, 'path', [str(path.parent), *sys.path]):
        spec.loader.exec_module(module)
    return module


def exit_code(main: Callable, arguments: Sequence[str]) -> object:
    """Give the exit code of a program that is called so; 0 if it just ends."""
    try:
        return main(arguments) or 0
    except SystemExit as end:
        return end.code
