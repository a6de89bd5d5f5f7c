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
from typing import Any

from sr4ir_mm.errors import ConfigError

from .spelling import misspelt, suggest

READS = ('get', 'pop', 'setdefault')
FOUNDATIONS = ('builtins', 'torch', 'abc', 'typing', 'collections')


def check_plain(entries: Iterable[tuple[str, str]], kinds: Iterable[Any]) -> None:
    """Find misspelt keys of dicts without a type.

    Args:
        entries (Iterable[tuple[str, str]]): Where such a dict stands, and a key of it.
        kinds (Iterable[type | Callable]): The types around them.

    Raises:
        ConfigError: There is one.
    """
    entries = list(entries)
    modules = {module for kind in kinds for module in _modules(kind)} if entries else set()
    vocabularies = [_vocabulary(module) for module in modules]
    words = frozenset[str]().union(*(words for words, _ in vocabularies))
    read = frozenset[str]().union(*(read for _, read in vocabularies))
    for place, name in entries:
        if name not in words and misspelt(name, read, most=1):
            raise ConfigError(f'{place}.{name}: nothing reads such a key; {suggest(name, read)}')


def plain_keys(node: Mapping, key: str) -> Iterator[tuple[str, str]]:
    """List the keys of a dict without a type, where they can be names."""
    for name in node:
        if isinstance(name, str) and name.isidentifier() and name not in ('type', '_delete_'):
            yield key, name


def _modules(kind: Any) -> Iterator[str]:
    for base in kind.__mro__ if inspect.isclass(kind) else [kind]:
        module = getattr(base, '__module__', None) or ''
        if module.partition('.')[0] not in FOUNDATIONS:
            yield module


@functools.cache
def _vocabulary(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of a module's source, and those that it reads dicts by."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return frozenset(), frozenset()
    words, read = set[str](), set[str]()
    for node in ast.walk(tree):
        words |= set(_words(node))
        read |= set(_read(node))
    return frozenset(words), frozenset(read)


def _words(node: ast.AST) -> Iterator[str]:
    for field in ('attr', 'arg', 'value'):
        word = getattr(node, field, None)
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
