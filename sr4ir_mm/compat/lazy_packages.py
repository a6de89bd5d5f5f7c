# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Packages whose ``__init__`` does not run just because a module in them is imported."""

import ast
import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any


class LazyFinder(MetaPathFinder):
    """Finds a package and all below it, as the other finders do, and makes its packages lazy.

    Args:
        root (str): The package.
        around (Callable): Makes a context in which each file of it runs.
    """

    def __init__(self, root: str, around: Callable[[], AbstractContextManager]) -> None:
        self.root = root
        self.around = around

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of the package."""
        if fullname.partition('.')[0] != self.root:
            return None
        for finder in sys.meta_path:
            lazy = isinstance(finder, LazyFinder)  # which would ask this one
            spec = None if lazy else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _LazyLoader(spec.loader, self.around)
                return spec
        return None


class _LazyLoader(Loader):
    """Runs a module in a context and puts off the ``__init__`` of a package."""

    def __init__(self, loader: Loader, around: Callable[[], AbstractContextManager]) -> None:
        self.loader = loader
        self.around = around

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to the module's own loader."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run a module, or let a package wait."""
        assert module.__spec__ is not None
        module.__loader__ = module.__spec__.loader = self.loader
        if module.__spec__.submodule_search_locations is None:
            self.run(module)
        else:
            vars(module)['__run__'] = self.run
            module.__class__ = LazyPackage

    def run(self, module: ModuleType) -> None:
        """Run the source."""
        with self.around():
            self.loader.exec_module(module)


class LazyPackage(ModuleType):
    """A package that takes a name from the module that its ``__init__`` would take it from.

    Only a name that is defined otherwise makes the whole ``__init__`` run.
    """

    def __getattr__(self, name: str) -> Any:
        """Give what the package does not have yet."""
        if name.startswith('__') and name != '__all__':  # what Python and tools ask of any module
            raise AttributeError(f'module {self.__name__!r} has no attribute {name!r}')
        value = self.find(name)
        if value is None:
            self.run_whole()
            return getattr(self, name)
        vars(self)[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep an imported submodule from hiding what ``__init__`` gives under its name."""
        if not (isinstance(value, ModuleType) and name in _handed_on(self.__file__)[0]):
            super().__setattr__(name, value)

    def find(self, name: str) -> Any | None:
        """Look for a name in the modules that ``__init__`` imports from, then for a module."""
        names, stars = _handed_on(self.__file__)
        if name in names:
            source, original = names[name]
            return getattr(importlib.import_module(source, self.__name__), original)
        submodule = f'{self.__name__}.{name}'
        if name != '__all__' and importlib.util.find_spec(submodule):
            return importlib.import_module(submodule)
        for source in stars:
            module = importlib.import_module(source, self.__name__)
            value = module.find(name) if isinstance(module, LazyPackage) else None
            if value is not None:
                return value
        return None

    def run_whole(self) -> None:
        """Run ``__init__``; where it fails, the package stays lazy."""
        self.__class__ = ModuleType  # type: ignore[assignment]
        try:
            vars(self)['__run__'](self)
        except BaseException:
            self.__class__ = LazyPackage
            raise


@functools.cache
def _handed_on(file: str) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Read what an ``__init__`` imports from modules: by name, and by a star."""
    names, stars = {}, []
    for node in ast.parse(Path(file).read_text(encoding='utf-8')).body:
        if isinstance(node, ast.ImportFrom):
            source = '.' * node.level + (node.module or '')
            for alias in node.names:
                if alias.name == '*':
                    stars.append(source)
                else:
                    names[alias.asname or alias.name] = (source, alias.name)
    return names, stars
