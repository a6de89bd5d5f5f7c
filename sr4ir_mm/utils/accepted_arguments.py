# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which arguments a type takes, its base classes' included."""

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from torch import nn


@functools.cache
def accepted_arguments(kind: Callable) -> frozenset[str] | None:
    """Name the arguments of a class or function; None where it may take any.

    A class that hands its ``**kwargs`` to ``super().__init__``, and uses them for nothing else,
    takes the arguments of the next one in its order of bases, too.
    """
    if not inspect.isclass(kind):
        names, rest = _parameters(kind)
        return None if rest else frozenset(names)
    accepted: frozenset[str] = frozenset()
    for base in kind.__mro__[:-1]:
        if base is nn.Module:  # by its signature it takes any, and then refuses them
            return accepted
        if '__init__' in vars(base):
            names, rest = _parameters(vars(base)['__init__'])
            accepted |= names.keys()
            if rest is None:
                return accepted
            if not _hands_on(base, rest):
                return None
    return None


@functools.cache
def named_arguments(kind: Callable) -> Mapping[str, inspect.Parameter]:
    """Give the arguments that a class, its bases or a function have, even if others are taken."""
    if not inspect.isclass(kind):
        return _parameters(kind)[0]
    inits = [vars(base)['__init__'] for base in kind.__mro__[:-1] if '__init__' in vars(base)]
    named: dict[str, inspect.Parameter] = {}
    for init in reversed(inits):
        named |= _parameters(init)[0]
    return named


def _parameters(function: Callable) -> tuple[dict[str, inspect.Parameter], str | None]:
    """Give the arguments by their names, and the name of what takes the rest, if anything does."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # written in C
        return {}, 'kwargs'
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    known = getattr(inspect.unwrap(function), '__globals__', {})
    named = {
        p.name: p.replace(annotation=_evaluated(p.annotation, known))
        for p in parameters
        if p.kind in by_name and p.name != 'self'
    }
    rest = [p.name for p in parameters if p.kind is p.VAR_KEYWORD]
    return named, rest[0] if rest else None


def _evaluated(annotation: Any, known: dict[str, Any]) -> Any:
    """Evaluate an annotation that is a text; one that names what only type checkers import is none.

    The text is Python code of an installed library.
    """
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, known)
    except Exception:
        return inspect.Parameter.empty


def _hands_on(kind: type, rest: str) -> bool:
    """Tell whether what takes the rest is used as ``super().__init__(**rest)``, and only so."""
    init: Any = vars(kind)['__init__']
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(init))))
    except (OSError, TypeError, SyntaxError):
        return False
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == rest]
    handed_on = [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_super_init(node.func, kind.__name__)
        for keyword in node.keywords
        if keyword.arg is None
    ]
    return bool(uses) and all(use in handed_on for use in uses)


def _is_super_init(node: Any, kind: str) -> bool:
    """Recognise ``super().__init__``; ``super(Base, self)`` leaves a class of the order out."""
    if not (isinstance(node, ast.Attribute) and node.attr == '__init__'):
        return False
    call = node.value
    if not (isinstance(call, ast.Call) and getattr(call.func, 'id', '') == 'super'):
        return False
    return not call.args or getattr(call.args[0], 'id', '') == kind
