# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What importing the package pulls in: next to nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = {
    'diffusers',
    'lpips',
    'mmagic',
    'mmcv',
    'mmdet',
    'mmpretrain',
    'mmseg',
    'torch',
    'torchvision',
    'transformers',
}


def imported_by(statement: str) -> set[str]:
    """Give the top-level modules that a fresh interpreter has after a statement."""
    code = f'{statement}\nimport sys\nprint(*{{name.partition(".")[0] for name in sys.modules}})'
    done = subprocess.run(
        [sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize('module', ['sr4ir_mm', 'sr4ir_mm.compat', 'sr4ir_mm.utils'])
def test_the_package_imports_no_slow_library(module: str) -> None:
    modules = imported_by(f'import {module}')
    assert 'sr4ir_mm' in modules
    assert not modules & SLOW


def test_registries_import_no_task_library() -> None:
    modules = imported_by('import sr4ir_mm.registry')
    assert not modules & (SLOW - {'torch', 'torchvision'})


def test_all_that_can_be_built_imports_no_task_library() -> None:
    """Models, hooks, ... of the package; the libraries come when a config names them."""
    code = (
        'from sr4ir_mm import registry\n'
        'for value in vars(registry).values():\n'
        '    if isinstance(value, registry.Registry) and value.scope == "sr4ir_mm":\n'
        '        value.import_from_location()\n'
    )
    modules = imported_by(code)
    assert {'torch', 'mmcv'} <= modules
    assert not modules & {'diffusers', 'lpips', 'mmagic', 'mmdet', 'mmpretrain', 'mmseg'}
