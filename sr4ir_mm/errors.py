# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Errors that the user can fix: the tools print their message alone, without a traceback."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager


class SR4IRError(Exception):
    """Base of the errors whose message says what is wrong and what to do."""


class ConfigError(SR4IRError, ValueError):
    """A config value cannot be used."""


class DataError(SR4IRError, ValueError):
    """An image or an annotation cannot be used."""


class CheckpointError(SR4IRError, RuntimeError):
    """A checkpoint is missing, broken or of another architecture."""


class NonFiniteLossError(SR4IRError, FloatingPointError):
    """A loss became NaN or infinite."""


class ModelError(SR4IRError, RuntimeError):
    """A net or a loss failed on its images."""


@contextmanager
def named_errors(where: str) -> Iterator[None]:
    """Put in front of an error's message where it came up.

    Args:
        where (str): Such as 'model.task.loss on 2 sr images (96x64 pixels)'.

    Raises:
        ModelError: For an error that is none of ours, with its type.
        SR4IRError: For one of ours, of the same type.
    """
    try:
        yield
    except SR4IRError as error:
        raise type(error)(f'{where}: {error}') from error
    except Exception as error:
        raise ModelError(f'{where}: {type(error).__name__}: {error_text(error)}') from error


def error_text(error: Exception) -> str:
    """Give an error's message in one line; for an assertion without one, what was asserted."""
    text = ' '.join(str(error.args[0] if error.args else error).split())
    if not text and isinstance(error, AssertionError):
        line = traceback.extract_tb(error.__traceback__)[-1].line or ''
        text = f'it must be that {line.removeprefix("assert ")}'
    return re.sub(r' in <[\w.]+ object at 0x\w+>$', '', text)
