# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmagic's registries, importing the one file that registers what is looked up."""

import functools
import importlib
import importlib.util
import re
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from mmengine.registry import Registry

from .lazy_packages import LazyPackage

# What a file registers: its classes, or a name of its own.
NAMES = re.compile(r"""^class\s+(\w+)|register_module\(\s*(?:name=)?['"]([^'"]+)""", re.MULTILINE)


def look_up_lazily(registries: ModuleType) -> None:
    """Let the registries of ``mmagic.registry`` find types whose modules are not imported yet."""
    for registry in vars(registries).values():
        if type(registry) is Registry and registry.scope == 'mmagic':
            registry.__class__ = MMagicRegistry


class MMagicRegistry(Registry):
    """A registry that, asked for ``EDSRNet``, imports the file with ``class EDSRNet``."""

    def get(self, key: str) -> Any:
        """Find a type by its name, which may be prefixed with ``mmagic``.

        Raises:
            ImportError: Its file needs a package that is not installed.
        """
        name = key.removeprefix('mmagic.')
        for location in self._locations:
            for module in _registering(location).get(name, ()):
                try:
                    importlib.import_module(module)
                except ImportError as error:
                    raise ImportError(f'mmagic.{name} cannot be imported: {error}.') from error
        found = super().get(key)
        if found is None and self._run_packages():
            found = super().get(key)
        return found

    def importable(self) -> set[str]:
        """Name what its files register, imported or not."""
        return {name for location in self._locations for name in _registering(location) if name}

    def _run_packages(self) -> bool:
        """Run each ``__init__`` that itself registers, such as diffusers' models; tell if any."""
        ran = False
        for location in self._locations:
            for name in _registering(location)['']:
                package = importlib.import_module(name)
                if isinstance(package, LazyPackage):
                    with suppress(ImportError):  # without diffusers there are none of its models
                        package.run_whole()
                        ran = True
        return ran


@functools.cache
def _registering(location: str) -> dict[str, list[str]]:
    """Name the modules below a package that register something, by what that is.

    Those of packages stand under the empty name, since what they register is not in their text.
    """
    modules: dict[str, list[str]] = {'': []}
    spec = importlib.util.find_spec(location)
    for root in map(Path, (spec and spec.submodule_search_locations) or ()):
        for path in sorted(root.rglob('*.py')):
            text = path.read_text(encoding='utf-8')
            if 'register_module(' not in text:
                continue
            parts = path.relative_to(root).with_suffix('').parts
            if parts[-1] == '__init__':
                modules[''].append('.'.join((location, *parts[:-1])))
                continue
            for name in {first or second for first, second in NAMES.findall(text)}:
                modules.setdefault(name, []).append('.'.join((location, *parts)))
    return modules
