# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which kinds of values an argument takes, by its annotation, its name and its default."""

import collections.abc
import inspect
import re
import types
from collections.abc import Mapping
from numbers import Real
from os import PathLike
from typing import Any, Literal, Union, get_args, get_origin

# What can be told apart; of other annotations nothing is known. Where libraries say dict, their
# own configs give lists, too.
KINDS: dict[Any, tuple[Any, str]] = {
    bool: (bool, 'True or False'),
    int: (Real, 'a whole number'),
    float: (Real, 'a number'),
    str: ((str, PathLike), 'a text'),
    dict: ((Mapping, list, tuple), 'a dict'),
    list: ((list, tuple), 'a list'),
    tuple: ((list, tuple), 'a tuple'),
    collections.abc.Sequence: ((list, tuple, str), 'a list'),
    type(None): (type(None), 'None'),
}
COUNT = re.compile(r'num_\w+|(\w+_)?channels')


def misfit(value: Any, parameter: inspect.Parameter) -> str:
    """Tell what an argument takes if it cannot take a value, else ''.

    It is told by the annotation, unless the argument's own default is of another kind; and what is
    called ``num_...`` or ``...channels`` counts things, of which there cannot be fewer than none.
    Values of kinds that are not certain are let pass: a sequence for a number and the other way
    round, a whole number written with a point, or None.

    Args:
        value (Any): The value.
        parameter (inspect.Parameter): The argument.
    """
    default = parameter.default
    # A default such as 'dynamic' stands for what is computed, in place of a number.
    instead = isinstance(default, str) and isinstance(value, Real)
    trusted = default is parameter.empty or fits(default, parameter.annotation)
    if trusted and not instead and not fits(value, parameter.annotation):
        return f'it must be {_describe(parameter.annotation)}'
    if COUNT.fullmatch(parameter.name) and not isinstance(value, bool):
        negative = isinstance(value, (int, float)) and value < 0
        if negative and not (isinstance(default, (int, float)) and default < 0):
            return 'it must not be negative'
        if isinstance(value, str) and not isinstance(default, str):
            return 'it must be a whole number'
    return ''


def unlike_default(value: Any, parameter: inspect.Parameter) -> bool:
    """Tell whether a value is of another kind than the default, or 0 or less unlike it."""
    default = parameter.default
    if isinstance(default, Real) and not isinstance(default, bool):
        return not isinstance(value, Real) or (float(value) <= 0 < float(default))
    return isinstance(default, (bool, str)) and not isinstance(value, (type(default), type(None)))


def fits(value: Any, annotation: Any) -> bool:
    """Tell whether a value may be of an annotation's kind."""
    if value is None:
        return True
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in get_args(annotation) if one is not type(None))
    if origin is Literal:
        return value in get_args(annotation)
    kind = _kind(annotation)
    if kind is None:
        return True
    if kind is bool:
        return isinstance(value, bool) or (isinstance(value, Real) and value in (0, 1))
    if kind in (int, float) and isinstance(value, (list, tuple)):
        return all(fits(one, annotation) for one in value)  # one for each of some things
    if kind in (list, tuple, collections.abc.Sequence) and isinstance(value, Real):
        inner = [one for one in get_args(annotation) if _kind(one) in (int, float)]
        return bool(inner) and not isinstance(value, bool)  # one for all of them
    if isinstance(value, str) and kind is collections.abc.Sequence:
        return str in (get_args(annotation) or (str,))
    return isinstance(value, KINDS[kind][0])


def _kind(annotation: Any) -> Any:
    kind = get_origin(annotation) or annotation
    if inspect.isclass(kind) and issubclass(kind, Mapping):
        return dict
    return kind if isinstance(kind, collections.abc.Hashable) and kind in KINDS else None


def _describe(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return ' or '.join(dict.fromkeys(_describe(one) for one in get_args(annotation)))
    if origin is Literal:
        return ' or '.join(map(repr, get_args(annotation)))
    return KINDS[_kind(annotation)][1]
