# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an inferencer may be given: files, folders, addresses and arrays."""

import os
import reprlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

from sr4ir_mm.datasets.decode_image import decode_image, say_once
from sr4ir_mm.errors import DataError

from .fetch_picture import fetch_picture

SUFFIXES = ('.bmp', '.gif', '.jpeg', '.jpg', '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp')

Input = str | Path | np.ndarray


@dataclass(frozen=True)
class Picture:
    """An LR picture.

    Args:
        name (str): Where its results go below the folder of results, without a suffix.
        source (Input): A path, an address, or the picture itself.
    """

    name: str
    source: Input

    def load(self) -> np.ndarray:
        """Give it as ``(h, w, 3)``, BGR, in 0..255.

        Raises:
            DataError: It cannot be read; the message names it.
        """
        _check_kind(self.source)
        if isinstance(self.source, np.ndarray):
            return _checked(self.source, self.name)
        return decode_image(fetch_picture(str(self.source)), str(self.source))


def as_list(inputs: Input | Iterable[Input]) -> list[Input]:
    """Make a list of one input, or of several that a list, a tuple or a generator gives."""
    one = isinstance(inputs, (str, bytes, dict)) or hasattr(inputs, 'shape')
    if isinstance(inputs, Iterable) and not one:
        return list(inputs)
    return [inputs]  # type: ignore[list-item]


def list_pictures(
    inputs: Input | Iterable[Input], without: Sequence[Path] = (), first: int = 0
) -> list[Picture]:
    """List all pictures of files, folders (with those within), addresses and arrays.

    The name of a file is its path from the folder that holds all that is given, that of an address
    its last part, that of an array a number; no two are alike. A file that is not there is listed,
    too: loading it tells.

    Args:
        inputs (Input | Iterable[Input]): One of them, or several.
        without (Sequence[Path]): Folders that are left out of those that hold them, as results
            are. Defaults to ().
        first (int): Number of the first array. Defaults to 0.

    Raises:
        DataError: Something that is given can be no picture, or a folder holds none.
    """
    given = as_list(inputs)
    if not given:
        raise DataError('There is nothing to do: the list of inputs is empty.')
    files = [os.path.abspath(str(item)) for item in given if _is_file_name(item)]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in files]
    root = os.path.commonpath(folders) if folders else ''
    numbers = count(first)
    found: list[tuple[str, Input]] = []
    for item in given:
        if isinstance(item, np.ndarray):
            found.append((f'{next(numbers):08d}', item))
        elif _is_file_name(item):
            listed = _list_files(Path(item), without)
            found += [(os.path.relpath(os.path.abspath(path), root), path) for path in listed]
        else:
            found.append((_last_part(str(item)), item))
    return list(_named(found))


def _check_kind(item: Input) -> None:
    if not isinstance(item, (str, Path, np.ndarray)):
        raise DataError(
            f'{reprlib.repr(item)} is no picture: give a file, a folder, an address, an array '
            '(BGR, uint8), or several.'
        )
    if isinstance(item, str) and not item.strip():
        raise DataError(f'The name of a picture or folder is empty: {item!r}.')


def _is_file_name(item: Input) -> bool:
    _check_kind(item)
    return not isinstance(item, np.ndarray) and '://' not in str(item)


def _last_part(address: str) -> str:
    encoded = os.path.basename(urlsplit(address).path)
    name = os.path.basename(unquote(encoded))
    return (name if name.isprintable() else encoded) or 'address'


def _list_files(path: Path, without: Sequence[Path]) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = [file for file in path.rglob('*') if file.suffix.lower() in SUFFIXES and file.is_file()]
    within = [folder for folder in map(Path.resolve, without) if path.resolve() in folder.parents]
    files = [file for file in files if not {*within} & {*file.resolve().parents}]
    if not files:
        raise DataError(f'There is no picture in {path}: {", ".join(SUFFIXES)} are looked for.')
    return sorted(files)


def _named(found: list[tuple[str, Input]]) -> Iterator[Picture]:
    """Leave the suffix out of a name where nothing else would then bear that name."""
    stems = Counter(os.path.splitext(path)[0] for path, _ in found)
    used: set[str] = set()
    for path, source in found:
        stem = os.path.splitext(path)[0]
        base = stem if stems[stem] == 1 else stem + os.path.splitext(path)[1].replace('.', '_')
        numbered = (f'{base}_{number}' for number in count(2))
        name = next(name for name in chain([base], numbered) if name not in used)
        used.add(name)
        yield Picture(name, source)


def _checked(array: np.ndarray, name: str) -> np.ndarray:
    """Take grey pictures and those with alpha, too."""
    if array.dtype != np.uint8 or array.ndim not in (2, 3):
        raise DataError(
            f'The array {name} is {array.dtype} of the shape {array.shape}: it must be uint8, '
            '(h, w), or (h, w, 3) in the order BGR.'
        )
    channels = 1 if array.ndim == 2 else array.shape[2]
    if channels not in (1, 2, 3, 4) or not array.size:
        raise DataError(f'The array {name} has the shape {array.shape}, which is no picture.')
    if channels in (2, 4):
        say_once('alpha is dropped', f'The array {name}')
    if channels < 3:
        say_once('grey becomes colour', f'The array {name}')
    array = array.reshape(*array.shape[:2], channels)
    colour = array[..., :1] if channels < 3 else array[..., :3]
    return np.ascontiguousarray(np.broadcast_to(colour, (*array.shape[:2], 3)))
