# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which files a config is made of, and which of their variables are read."""

import ast
import importlib.util
import json
import os.path as osp
import re
import sys
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]
from mmengine.config import Config

from sr4ir_mm.errors import ConfigError


@dataclass(frozen=True)
class ConfigFile:
    """One file of a config.

    Args:
        path (str): Where it lies.
        assigned (frozenset[str]): Names that it gives values to.
        read (frozenset[str]): Names whose values it uses, its own or those of its bases.
        is_leaf (bool): Whether it is the config itself, not a base of it.
        inherits (bool): Whether it has bases.
    """

    path: str
    assigned: frozenset[str]
    read: frozenset[str]
    is_leaf: bool
    inherits: bool


def config_files(path: str) -> list[ConfigFile]:
    """Read the files that a config is made of, itself first; none is run.

    The bases of pure Python configs (``with read_base()``) are left to MMEngine.

    Raises:
        ConfigError: A base is missing or inherits from itself, or a file is not what its name says.
    """
    return _read(osp.abspath(path), path, ())


def _read(path: str, name: str, above: tuple[str, ...]) -> list[ConfigFile]:
    if path in above:
        chain = ' -> '.join(_name(file) for file in (*above[above.index(path) :], path))
        raise ConfigError(f'{name} inherits from itself: {chain}.')
    try:
        with open(path, encoding='utf-8') as file:
            text = file.read()
    except (OSError, UnicodeError) as error:
        raise ConfigError(f'The config {name} cannot be read: {error}.') from error
    parse = _parse_python if path.endswith('.py') else _parse_data
    bases, assigned, read = parse(text, name)
    read |= set(re.findall(r'\{\{\s*_base_\.(\w+)', text))
    bases = [bases] if isinstance(bases, str) else bases
    if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
        raise ConfigError(f'{name}: _base_ = {bases!r} must be a path or a list of paths.')
    files = [ConfigFile(name, frozenset(assigned), frozenset(read), not above, bool(bases))]
    for base in bases:
        try:
            place = osp.normpath(Config._get_cfg_path(base, path)[0])
        except (OSError, ImportError, KeyError, ValueError) as error:
            hint = '; install sr4ir_mm: pip install -e .' if base.startswith('sr4ir_mm::') else ''
            message = f'{name}: _base_ {base!r} cannot be found: {error}{hint}'
            raise ConfigError(message) from error
        if not osp.isfile(place):
            raise ConfigError(f'{name}: _base_ {base!r} is not there ({place}).')
        files += _read(place, _name(place), (*above, path))
    return files


def _name(path: str) -> str:
    """Name a file as one would from here."""
    relative = osp.relpath(path)
    return path if relative.startswith(osp.pardir) else relative


def _parse_python(text: str, name: str) -> tuple[Any, set[str], set[str]]:
    # What MMEngine substitutes before it runs a file.
    text = re.sub(r'\{\{\s*(\$[^}]*|\w+)\s*\}\}', '0', text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, 'lineno', None)
        place = f', line {line}: {text.splitlines()[line - 1].strip()}' if line else ''
        raise ConfigError(f'{name}{place}: {getattr(error, "msg", error)}.') from error
    _check_imports(tree, name)
    bases: Any = []
    assigned: set[str] = set()
    read: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (assigned if isinstance(node.ctx, ast.Store) else read).add(node.id)
        elif isinstance(node, ast.Attribute) and getattr(node.value, 'id', '') == '_base_':
            read.add(node.attr)
        elif isinstance(node, ast.Subscript) and getattr(node.value, 'id', '') == '_base_':
            read |= {str(c.value) for c in ast.walk(node.slice) if isinstance(c, ast.Constant)}
        if isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', '') == '_base_':
            try:
                bases = eval(compile(ast.Expression(node.value), name, 'eval'))  # as MMEngine does
            except Exception as error:
                raise ConfigError(f'{name}, line {node.lineno}: _base_: {error}.') from error
    return bases, assigned, read


def _check_imports(tree: ast.Module, name: str) -> None:
    """Find an import of what is not there, which MMEngine may put off until it is never used."""
    for node in tree.body:  # one that is tried may fail
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or '']
        for module in modules:
            root = module.partition('.')[0]
            if root not in sys.modules and importlib.util.find_spec(root) is None:
                raise ConfigError(f'{name}, line {node.lineno}: No module named {root!r}.')


def _parse_data(text: str, name: str) -> tuple[Any, set[str], set[str]]:
    if not name.endswith(('.json', '.yml', '.yaml')):
        raise ConfigError(f'{name} is no config: its name must end with .py, .json, .yml or .yaml.')
    try:
        content = json.loads(text) if name.endswith('.json') else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        raise ConfigError(f'{name}: {" ".join(str(error).split())}.') from error
    if not isinstance(content, dict):
        raise ConfigError(f'{name} must hold keys and values.')
    return content.get('_base_', []), set(map(str, content)), set()
