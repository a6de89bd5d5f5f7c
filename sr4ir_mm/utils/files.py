# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Files that are written whole or not at all."""

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from sr4ir_mm.errors import ConfigError

MAX_NAME, MAX_PATH = 255, 4096
"""Bytes of a file's name, and of a path."""


def check_folder(folder: str | Path, what: str) -> None:
    """Find out whether a folder can be written to, or made; nothing is made.

    Args:
        folder (str | Path): The folder.
        what (str): What it is called, for the message.

    Raises:
        ConfigError: It cannot.
    """
    check_length(Path(folder, '0' * MAX_NAME), what)  # it will have something in it
    try:
        place = Path(folder).absolute()
        while not place.exists():
            place = place.parent
    except OSError as error:
        raise ConfigError(f'{what} {folder} cannot be: {error.strerror}.') from error
    if not place.is_dir():
        raise ConfigError(f'{what} {folder} cannot be a folder: {place} is a file.')
    if not os.access(place, os.W_OK | os.X_OK):
        raise ConfigError(f'{what} {folder} cannot be written to: {place} is read-only.')


def check_length(path: str | Path, what: str) -> None:
    """Find out whether a path is one that a file can have.

    Args:
        path (str | Path): The path.
        what (str): What it is called, for the message.

    Raises:
        ConfigError: It, or a name in it, is too long.
    """
    whole = os.fsencode(Path(path).absolute())
    name = max(whole.split(os.fsencode(os.sep)), key=len)
    if len(name) > MAX_NAME or len(whole) > MAX_PATH:
        raise ConfigError(
            f'{what} cannot be: File name too long ({os.fsdecode(name)[:40]}...): a name has at '
            f'most {MAX_NAME} bytes, a path {MAX_PATH}.'
        )


def missing_file(path: str) -> str:
    """Say that a data set's file is missing, and what is there in its place, if anything is."""
    text = f'{path} is missing: check data_root and data_prefix of the data set.'
    folder = Path(path).parent
    if not folder.is_dir():
        return f'{text} There is no folder {folder}.'
    name, stem = Path(path).name.lower(), Path(path).stem.lower()
    others = {other.name.lower(): other.name for other in folder.iterdir()}
    stems = {Path(other).stem: others[other] for other in others}
    near = others.get(name) or stems.get(stem)
    return f'{text} There is {near}.' if near else text


@contextmanager
def whole_file(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file to write beside the target, which it replaces once it is whole and on the disk.

    Whatever goes wrong, the target is as it was before. The folder is made if need be.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f'{path.name}.part')
    try:
        with part.open('wb') as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # not every file system can flush a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file, whole or not at all; make its folder if need be."""
    with whole_file(path) as file:
        file.write(text.encode())


def write_json(path: str | Path, content: Any) -> None:
    """Write JSON, whole or not at all.

    JSON has no infinite numbers, such as the PSNR of equal images: those become the strings 'inf',
    '-inf' and 'nan', which ``float`` reads.
    """
    write_text(path, json.dumps(_jsonable(content), indent=2, allow_nan=False) + '\n')


def _jsonable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _jsonable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_jsonable(part) for part in value]
    return value
