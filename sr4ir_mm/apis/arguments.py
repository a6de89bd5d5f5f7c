# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Arguments of command lines that say at once what they take. Imports no PyTorch."""

import ast
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from mmengine.config import DictAction

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.files import check_folder, check_length


class CfgOptions(DictAction):
    """MMEngine's ``--cfg-options KEY=VALUE ...``, with a message on what has another form.

    A value with a dict in it, which MMEngine cannot read, is read as Python:
    ``custom_hooks=[dict(type='NetEMAHook', net='sr')]``.
    """

    DICT = re.compile(r"(^|[\[(,=:])\s*(dict\(|\{\s*['\"\w]+\s*:)")

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Parse the words one by one."""
        for word in values:
            key, equals, value = word.partition('=')
            if not equals or not all(key.split('.')):
                parser.error(f'{option_string}: {word!r} must be KEY=VALUE, as model.scale=8.')
            if value[:1] in ('[', '(') and value[-1] not in '])':
                parser.error(f'{option_string}: the brackets of {word!r} do not match.')
            try:
                super().__call__(parser, namespace, [word], option_string)
            except AssertionError:
                parser.error(f'{option_string}: the brackets of {word!r} do not match.')
            except (RecursionError, SyntaxError, ValueError):
                parser.error(
                    f'{option_string}: {word!r} cannot be read: a value is a word, a list [a,b], '
                    "a tuple (a,b) or, in quotes of the shell, dict(type='A',key=1)."
                )

    @classmethod
    def _parse_iterable(cls, val: str) -> Any:
        if not cls.DICT.search(val):
            return DictAction._parse_iterable(val)
        return cls._value(ast.parse(val.strip(), mode='eval').body)

    @classmethod
    def _value(cls, node: ast.AST) -> Any:
        """Evaluate what is written of constants alone; names without quotes are texts."""
        match node:
            case ast.Call(func=ast.Name(id='dict'), args=[], keywords=words):
                if all(word.arg for word in words):  # none as in dict(**others)
                    return {word.arg: cls._value(word.value) for word in words}
            case ast.Dict(keys=keys, values=values) if all(keys):
                pairs = zip(keys, values, strict=True)
                return {cls._value(key): cls._value(value) for key, value in pairs if key}
            case ast.List(elts=parts):
                return [cls._value(part) for part in parts]
            case ast.Tuple(elts=parts):
                return tuple(cls._value(part) for part in parts)
            case ast.Name() | ast.Attribute():
                return cls._parse_int_float_bool(ast.unparse(node))
        return ast.literal_eval(node)


def positive_int(text: str) -> int:
    """Parse a number of things that there must be some of."""
    return _whole(text, 1)


def non_negative_int(text: str) -> int:
    """Parse a number of things that there may be none of."""
    return _whole(text, 0)


def non_negative_float(text: str) -> float:
    """Parse a size or a time, 0 included."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float('inf'):
        raise ArgumentTypeError(f'{text!r} must be a number, 0 or more')
    return value


def non_empty(text: str) -> str:
    """Take a name that is there."""
    if not text.strip():
        raise ArgumentTypeError('it must not be empty')
    return text


def output_folder(text: str) -> str:
    """Take a folder that can be written to, or made."""
    try:
        check_folder(non_empty(text), 'the folder')
    except ConfigError as error:
        raise ArgumentTypeError(str(error)) from error
    return text


def output_file(text: str) -> str:
    """Take a file whose folder can be written to, or made."""
    output_folder(str(Path(non_empty(text)).parent))
    try:
        check_length(f'{text}.part', 'the file')  # what it is called while it is written
    except ConfigError as error:
        raise ArgumentTypeError(str(error)) from error
    if Path(text).is_dir() or text.endswith('/'):
        raise ArgumentTypeError(f'{text} is a folder; name a file')
    return text


def _whole(text: str, least: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least:
        raise ArgumentTypeError(f'{text!r} must be a whole number, {least} or more')
    return value
