# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Packages that run when needed, by a toy one in which a part cannot be imported."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sr4ir_mm.compat.lazy_packages import LazyFinder, LazyPackage

FILES = {
    '__init__.py': 'from .nets import *\nfrom .plain import value as renamed\nRAN = 1\n',
    'plain.py': 'value = 3\n',
    'nets/__init__.py': (
        'from .edsr import EDSR\nfrom .warp import warp\nfrom .heavy import Heavy\n'
        '__all__ = ["EDSR", "warp", "Heavy"]\n'
    ),
    'nets/edsr.py': 'from . import warp\nclass EDSR:\n    warp = warp\n',
    'nets/warp.py': 'def warp():\n    return "warped"\n',
    'nets/heavy.py': 'import no_such_package_as_this\n',
}


@contextmanager
def nothing() -> Iterator[None]:
    """Be around a file."""
    yield


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Write a package and let it be found lazily."""
    for name, text in FILES.items():
        path = tmp_path / 'toy_package' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, 'meta_path', [LazyFinder('toy_package', nothing), *sys.meta_path])
    yield 'toy_package'
    for name in [name for name in sys.modules if name.partition('.')[0] == 'toy_package']:
        del sys.modules[name]


def test_names_come_from_their_own_modules(toy: str) -> None:
    package = importlib.import_module(toy)
    assert package.renamed == 3
    assert package.EDSR is importlib.import_module(f'{toy}.nets.edsr').EDSR  # by a star
    assert package.plain is sys.modules[f'{toy}.plain']
    assert f'{toy}.nets.heavy' not in sys.modules
    assert isinstance(package, LazyPackage)
    assert not hasattr(package, '__wrapped__')
    assert isinstance(package, LazyPackage)


def test_finders_do_not_ask_each_other(toy: str) -> None:
    sys.meta_path.insert(0, LazyFinder(toy, nothing))
    assert importlib.import_module(toy).renamed == 3


def test_module_does_not_hide_what_has_its_name(toy: str) -> None:
    importlib.import_module(f'{toy}.nets.warp')
    nets = importlib.import_module(f'{toy}.nets')
    assert nets.warp() == nets.EDSR.warp() == 'warped'


def test_whole_init_runs_where_it_is_needed(toy: str) -> None:
    nets = importlib.import_module(f'{toy}.nets')
    package = importlib.import_module(toy)
    for _ in range(2):  # a failure leaves it lazy
        with pytest.raises(ImportError, match='no_such_package_as_this'):
            _ = package.RAN
        assert package.renamed == 3
    heavy = Path(nets.__file__).with_name('heavy.py')
    heavy.write_text('class Heavy:\n    """At last."""\n')
    importlib.invalidate_caches()
    assert package.RAN == 1
    assert package.Heavy is nets.Heavy
    assert not isinstance(package, LazyPackage)


def test_what_was_imported_before_stays(tmp_path: Path, toy: str) -> None:
    finder = sys.meta_path.pop(0)
    (tmp_path / toy / 'nets/heavy.py').write_text('class Heavy:\n    """Light."""\n')
    package = importlib.import_module(toy)
    sys.meta_path.insert(0, finder)
    assert importlib.import_module(f'{toy}.nets') is package.nets
    assert not isinstance(package, LazyPackage)
    assert package.RAN == 1
