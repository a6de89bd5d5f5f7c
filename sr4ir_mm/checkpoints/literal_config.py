# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Read the text of a config that MMEngine wrote, without running it."""

import ast
import math
from typing import Any

# How Python writes floats that have no literal.
NUMBERS = {'inf': math.inf, 'nan': math.nan}


def parse_config(text: str) -> dict[str, Any]:
    """Read assignments of literals: ``a = 1``, ``b = dict(c=[2, (3, None)])``.

    Args:
        text (str): Of ``Config.pretty_text``.

    Returns:
        dict[str, Any]: Values by name.

    Raises:
        ValueError: There is something else in it; the message names the line.
    """
    try:
        tree = ast.parse(text)
        return dict(_assigned(statement) for statement in tree.body)
    except (SyntaxError, TypeError, RecursionError, MemoryError) as error:
        raise ValueError(f'it is no text of a config ({type(error).__name__})') from error


def _assigned(statement: ast.stmt) -> tuple[str, Any]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, _value(statement.value)
    raise _refusal(statement)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Call(func=ast.Name(id='dict'), args=[] | [ast.Dict()] as args):
            words: list = [(word.arg, word.value) for word in node.keywords]
            return _pairs([*((None, arg) for arg in args), *words])
        case ast.Call(func=ast.Name(id='set'), args=[], keywords=[]):
            return set()
        case ast.Dict():
            keys = [None if key is None else _value(key) for key in node.keys]
            return _pairs(list(zip(keys, node.values, strict=True)))
        case ast.List() | ast.Tuple() | ast.Set():
            kind = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
            return kind(_value(part) for part in node.elts)
        case ast.Name(id=name) if name in NUMBERS:
            return NUMBERS[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _value(operand)
            if isinstance(number, (int, float, complex)):
                return -number
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise _refusal(node) from None


def _pairs(items: list[tuple[Any, ast.expr]]) -> dict:
    """Make a dict; without a key, as in ``**{...}``, the value is a dict to merge."""
    result: dict = {}
    for key, value in items:
        if key is not None:
            result[key] = _value(value)
        elif isinstance(value, ast.Dict):
            result |= _value(value)
        else:
            raise _refusal(value)
    return result


def _refusal(node: ast.stmt | ast.expr) -> ValueError:
    return ValueError(f'line {node.lineno} of its text is more than a literal')
