# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an inferencer may be given: files, folders, addresses and arrays."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import numpy as np
from mmengine import fileio

from sr4ir_mm.datasets.decode_image import decode_image
from sr4ir_mm.errors import DataError

SUFFIXES = ('.bmp', '.gif', '.jpeg', '.jpg', '.png', '.ppm', '.tif', '.tiff', '.webp')

Input = str | Path | np.ndarray


@dataclass(frozen=True)
class Picture:
    """An LR picture.

    Args:
        name (str): Where its results go below the folder of results, without a suffix.
        source (str | np.ndarray): A path, an address, or the picture itself.
    """

    name: str
    source: str | np.ndarray

    def load(self) -> np.ndarray:
        """Give it as ``(h, w, 3)``, BGR, in 0..255.

        Raises:
            DataError: It cannot be read; the message names it.
        """
        if isinstance(self.source, np.ndarray):
            return _checked(self.source, self.name)
        try:
            content = fileio.get(self.source)
        except Exception as error:  # whatever the backends raise: no such file, no answer
            raise DataError(f'{self.source} cannot be read ({error}).') from error
        return decode_image(content, self.source)


def list_pictures(inputs: Input | Sequence[Input]) -> list[Picture]:
    """List all pictures of files, folders (with those within), addresses and arrays.

    Names of results keep the folders below a given folder, and no two are the same.

    Raises:
        DataError: There is no such file or folder, or no picture.
    """
    several = isinstance(inputs, (list, tuple))
    given: list[Input] = list(inputs) if several else [inputs]  # type: ignore[arg-type, list-item]
    found: list[tuple[str, str | np.ndarray]] = []
    for number, item in enumerate(given):
        found += _expand(item, number)
    if not found:
        raise DataError('There is nothing to do: the list of inputs is empty.')
    stems = Counter(os.path.splitext(path)[0] for path, _ in found)
    used: set[str] = set()
    pictures = []
    for path, source in found:
        stem = os.path.splitext(path)[0]
        base = stem if stems[stem] == 1 else path.replace('.', '_')
        numbered = (f'{base}_{number}' for number in count(2))
        name = next(name for name in chain([base], numbered) if name not in used)
        used.add(name)
        pictures.append(Picture(name, source))
    return pictures


def _expand(item: Input, number: int) -> Iterator[tuple[str, str | np.ndarray]]:
    if isinstance(item, np.ndarray):
        yield f'{number:08d}', item
        return
    text = str(item)
    if '://' in text:
        yield os.path.basename(text.partition('?')[0]) or f'{number:08d}', text
        return
    path = Path(item)
    if path.is_dir():
        files = sorted(p for p in path.rglob('*') if p.suffix.lower() in SUFFIXES and p.is_file())
        if not files:
            raise DataError(f'There is no picture in {path}: {", ".join(SUFFIXES)} are looked for.')
        yield from ((str(file.relative_to(path)), str(file)) for file in files)
        return
    if not path.is_file():
        raise DataError(f'There is no file or folder {path}.')
    yield path.name, text


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
    array = array.reshape(*array.shape[:2], channels)
    colour = array[..., :1] if channels < 3 else array[..., :3]
    return np.ascontiguousarray(np.broadcast_to(colour, (*array.shape[:2], 3)))
