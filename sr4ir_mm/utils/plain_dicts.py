# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Misspelt keys of dicts without a type, such as a detector's ``test_cfg``.

What reads them takes each by its name and passes over others without a word. So a key is wrong
that the code of no type around it has in it, but for one slip.
"""

import ast
import functools
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sr4ir_mm.errors import ConfigError

from .spelling import misspelt, slips, suggest

READS = ('get', 'pop', 'setdefault')
FOUNDATIONS = ('', 'builtins', 'torch', 'abc', 'typing', 'collections')
# Whose own configs these checks were tried on. What others, as a user's own module, do with a dict
# is up to them.
LIBRARIES = ('sr4ir_mm', 'mmengine', 'mmcv', 'mmdet', 'mmseg', 'mmpretrain', 'mmagic')


@dataclass
class Found:
    """What is within a dict with a type.

    Args:
        kinds (list[type | Callable]): The types, the outermost first.
        plain (list[tuple[str, str]]): Where a dict without a type stands, and a key of it.
    """

    kinds: list[Any]
    plain: list[tuple[str, str]] = field(default_factory=list)

    def add_plain(self, node: Mapping, key: str, owner: Any) -> None:
        """Add a dict without a type; ``owner`` is the innermost type around it."""
        if _library(owner) in LIBRARIES:
            self.plain += [(key, name) for name in node if _may_be_read(name)]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a module's source.

    Args:
        words (frozenset[str]): All that may be keys.
        read (frozenset[str]): Those that it reads dicts by.
        takers (frozenset[str]): The modules of what it hands dicts to, as ``Encoder(**encoder)``.
    """

    words: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    takers: frozenset[str] = frozenset()


def means_type(name: str) -> bool:
    """Tell whether a key is one slip away from ``type``, which is too short for most slips."""
    return slips(name, 'type') == 1


def check_plain(found: Found) -> None:
    """Find misspelt keys of dicts without a type.

    Args:
        found (Found): Such dicts, and the types around them.

    Raises:
        ConfigError: There is one.
    """
    if not found.plain:
        return
    vocabularies = _vocabularies(module for kind in found.kinds for module in _modules(kind))
    words = frozenset[str]().union(*(vocabulary.words for vocabulary in vocabularies))
    read = frozenset({'type'}).union(*(vocabulary.read for vocabulary in vocabularies))
    for place, name in found.plain:
        if name not in words and (means_type(name) or misspelt(name, read, most=1)):
            raise ConfigError(f'{place}.{name}: nothing reads such a key; {suggest(name, read)}')


def _may_be_read(name: Any) -> bool:
    return isinstance(name, str) and name.isidentifier() and name not in ('type', '_delete_')


def _library(kind: Any) -> str:
    return (getattr(kind, '__module__', None) or '').partition('.')[0]


def _modules(kind: Any) -> Iterator[str]:
    for base in kind.__mro__ if inspect.isclass(kind) else [kind]:
        yield getattr(base, '__module__', None) or ''


def _vocabularies(modules: Iterable[str]) -> list[Vocabulary]:
    """Give those of modules, and of all that these hand dicts on to."""
    known: dict[str, Vocabulary] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in known and module.partition('.')[0] not in FOUNDATIONS:
            known[module] = _vocabulary(module)
            waiting += known[module].takers
    return list(known.values())


@functools.cache
def _vocabulary(module: str) -> Vocabulary:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return Vocabulary()
    nodes = list(ast.walk(tree))
    return Vocabulary(
        frozenset(word for node in nodes for word in _words(node)),
        frozenset(word for node in nodes for word in _read(node)),
        frozenset(taker for node in nodes for taker in _takers(node, sys.modules[module])),
    )


def _words(node: ast.AST) -> Iterator[str]:
    for name in ('attr', 'arg', 'value'):
        word = getattr(node, name, None)
        if isinstance(word, str):
            yield word


def _read(node: ast.AST) -> Iterator[str]:
    found: list[Any] = []
    match node:
        case ast.Subscript(slice=ast.Constant(value=value)):
            found = [value]
        case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=value), *_]):
            found = [value] if name in READS else []
        case ast.Call(func=ast.Name(id='dict'), keywords=keywords):
            found = [keyword.arg for keyword in keywords]
        case ast.Compare(left=ast.Constant(value=value), ops=[ast.In() | ast.NotIn()]):
            found = [value]
        case ast.Dict(keys=keys):
            found = [key.value for key in keys if isinstance(key, ast.Constant)]
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=value):
            found = [value] if 'cfg' in name else []
    yield from (word for word in found if isinstance(word, str))


def _takers(node: ast.AST, module: Any) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name), keywords=keywords):
            kind = getattr(module, name, None)
            if any(keyword.arg is None for keyword in keywords) and _library(kind) in LIBRARIES:
                yield kind.__module__
