# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Configs are found by a library's name, and what is missing is told."""

import re
from pathlib import Path

import pytest

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.library_configs import library_config
from tests.utils.tiny import ROOT


def test_the_ending_may_be_left_out() -> None:
    for name in ('det_edsr_x4', 'det_edsr_x4.py'):
        path = Path(library_config(f'sr4ir_mm::sr4ir/{name}', 'test'))
        assert path.resolve() == ROOT / 'configs/sr4ir/det_edsr_x4.py'


def test_a_clone_that_is_only_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was installed, so its configs are not where MMEngine looks for them."""
    (tmp_path / 'a_clone').mkdir()
    (tmp_path / 'a_clone/__init__.py').touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = re.escape(str(tmp_path / 'a_clone/.mim/configs'))
    with pytest.raises(ConfigError, match=rf'model\.task: a_clone has .*{folder}.*pip install -e'):
        library_config('a_clone::net.py', 'model.task')
