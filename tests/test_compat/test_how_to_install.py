# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is missing is told with a command that works without a clone."""

import importlib.util
import sys
from typing import Any

import pytest

from sr4ir_mm import compat
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.building import building

pytestmark = pytest.mark.quick
# The function hides the module of its name.
module = sys.modules['sr4ir_mm.compat.how_to_install']


@pytest.mark.parametrize(
    ('installed', 'name', 'command'),
    [
        ({}, 'mmengine', 'pip install "sr4ir-mm[current]"'),
        ({'onedl-mmengine': '0.10.12'}, 'mmseg', 'pip install "sr4ir-mm[current]"'),
        ({'mmengine': '0.10.7'}, 'mmdet', 'pip install "sr4ir-mm[classic]"'),
        ({'mmengine': '0.10.7'}, 'mmcv', '--no-build-isolation "mmcv>=2.1,<2.2"'),
        ({'onedl-mmengine': '0.10.12'}, 'mmcv', '--no-build-isolation "onedl-mmcv>=2.3.6,<2.4"'),
        ({}, 'onnxruntime', 'pip install "sr4ir-mm[export]"'),
        ({}, 'mmagic', 'pip install --no-deps mmagic==1.2.0'),
        ({}, 'nolib', 'install it'),
    ],
)
def test_command_fits_the_stack(
    installed: dict, name: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'installed_versions', lambda: installed)
    assert command in module.how_to_install(name)
    assert 'make' not in module.how_to_install(name)


@pytest.mark.parametrize('name', ['mmengine', 'mmcv'])
def test_package_without_a_stack_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec

    def lacks(asked: str, *args: Any) -> Any:
        return None if asked == name else find(asked, *args)

    monkeypatch.setattr(importlib.util, 'find_spec', lacks)
    with pytest.raises(ImportError, match=f'sr4ir_mm needs {name}: pip install "sr4ir-mm'):
        compat.register_config_packages()


@pytest.mark.parametrize('name', ['mmcv._ext', 'mmdet.models'])
def test_building_tells_the_command_for_what_a_library_lacks(name: str) -> None:
    with pytest.raises(ConfigError, match=f'{name}.*: pip install "sr4ir-mm'), building():
        raise ModuleNotFoundError(f'No module named {name!r}', name=name)


def test_other_errors_are_left_alone() -> None:
    assert compat.missing(ImportError('cannot import name')) is None
    assert compat.missing(ModuleNotFoundError("No module named 'mine'", name='mine')) is None
