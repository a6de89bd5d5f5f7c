# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data sets from archives: unpacked whole or not at all, counted, the archives left alone."""

import gzip
import os
import shutil
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image
from rich.console import Console
from rich.table import Table

from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.progress import shown

# Several times what the data sets have: 40,000 files; pictures, which are compressed already.
MAX_MEMBERS = 200_000
MAX_RATIO = 20
ALWAYS_ALLOWED = 64 * 2**20  # bytes; tiny archives are mostly padding, which shrinks to nothing
MAX_HEADER = 2**20  # bytes

notes = Console(stderr=True)


@dataclass(frozen=True)
class Recipe:
    """How a data set is prepared.

    Args:
        name (str): What it is called.
        folder (str): Its folder below ``--out``, also the data_root of the configs.
        strip (str): The folder in the archives that becomes it; others are left out. '' takes all.
        loose (dict[str, str]): Files that are not archives, and the folders they belong in.
        check (Callable): Counts what is in a folder: what to its number.
        expected (dict[str, int]): What to the number that it must be.
        download (str): What to get from where.
    """

    name: str
    folder: str
    strip: str
    loose: dict[str, str]
    check: Callable[[Path], dict[str, int]]
    expected: dict[str, int]
    download: str


def prepare(recipe: Recipe, sources: Sequence[Path], out: Path) -> None:
    """Unpack and check, or check what is there; print the counts.

    Args:
        recipe (Recipe): The data set.
        sources (Sequence[Path]): Archives, or one folder that holds the data set already.
        out (Path): Where its folder is made.

    Raises:
        DataError: Something is missing, broken or too much.
    """
    root = out / recipe.folder
    for source in sources:
        if not source.exists():
            raise DataError(f'There is no {source}. {recipe.download}')
    if len(sources) == 1 and sources[0].is_dir():
        inner = sources[0] / recipe.folder
        root = inner if inner.is_dir() else sources[0]
        _check(recipe, root)
    elif root.exists():
        notes.print(f'{root} is there already; it is checked only.')
        _check(recipe, root)
    else:
        _unpack(recipe, sources, root)
    print(f'{recipe.name} is complete in {root}; the configs look for it in data/{recipe.folder}.')


def read_headers(paths: Iterable[Path], what: str) -> int:
    """Count images after reading their headers.

    Raises:
        DataError: A file is missing or is no image.
    """
    number = 0
    for path in shown(list(paths), what):
        try:
            with Image.open(path):
                number += 1
        except FileNotFoundError:
            raise DataError(f'{path} is missing: unpack the archive again.') from None
        except OSError as error:
            raise DataError(f'{path} is not an image ({error}).') from error
    return number


def _check(recipe: Recipe, root: Path) -> None:
    counts = recipe.check(root)
    table = Table('what', 'found', 'expected', title=recipe.name)
    for what, number in recipe.expected.items():
        table.add_row(what, str(counts[what]), str(number))
    Console().print(table)
    for what, number in sorted(recipe.expected.items()):
        if counts[what] != number:
            raise DataError(
                f'{root} has {counts[what]} of {what}, not {number}: it is not complete. '
                f'{recipe.download}'
            )


def _unpack(recipe: Recipe, sources: Sequence[Path], root: Path) -> None:
    """Unpack beside the folder that is to be, and move what is complete."""
    part = root.with_name(f'.{root.name}.part')
    shutil.rmtree(part, ignore_errors=True)  # left by an interrupted call
    inner = part / recipe.strip
    inner.mkdir(parents=True)
    try:
        for source in sources:
            if source.name in recipe.loose:
                folder = inner / recipe.loose[source.name]
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / source.name)
            else:
                _extract(source, part, recipe)
        if not any(inner.iterdir()):
            raise DataError(f'{sources[0]} has no folder {recipe.strip}. {recipe.download}')
        _check(recipe, inner)
        os.replace(inner, root)
    except DataError as error:
        message = str(error).replace(str(inner), str(root))
        raise DataError(f'{message} (What was unpacked is removed again.)') from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _extract(archive: Path, folder: Path, recipe: Recipe) -> None:
    if not hasattr(tarfile, 'data_filter'):
        raise DataError(
            f'Python {sys.version.split()[0]} cannot unpack archives safely, its tarfile has no '
            'data filter: use 3.10.12, 3.11.4, 3.12 or a newer one.'
        )
    try:
        with tarfile.open(archive, tarinfo=_Member) as tar:
            members = _bounded(tar, archive, shutil.disk_usage(folder).free)
            chosen = (m for m in members if PurePosixPath(m.name).is_relative_to(recipe.strip))
            tar.extractall(folder, shown(chosen, archive.name), filter='data')
    except tarfile.FilterError as error:
        raise DataError(f'{archive} is refused: {error}. {recipe.download}') from error
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = str(error).partition(':\n')[0]  # below it is a line for each kind of compression
        raise DataError(
            f'{archive} is no tar archive, or is broken or cut off ({reason}). {recipe.download}'
        ) from error


def _bounded(tar: tarfile.TarFile, archive: Path, free: int) -> Iterator[tarfile.TarInfo]:
    """Give the members for as long as all that were met are what a data set can hold.

    Links are refused even if they stay inside: no data set has any, and it is chains of them that
    have led past tarfile's filter (CVE-2025-4517).
    """
    allowed = max(ALWAYS_ALLOWED, MAX_RATIO * archive.stat().st_size)
    size = 0
    for number, member in enumerate(tar, 1):
        size += member.size
        path = PurePosixPath(member.name)
        if path.is_absolute() or '..' in path.parts or member.issym() or member.islnk():
            raise DataError(
                f'{archive} has the member {member.name}, which leads out of the folder it is '
                'unpacked to: get the archive again.'
            )
        if number > MAX_MEMBERS or size > allowed:
            raise DataError(
                f'{archive} holds more than {MAX_MEMBERS} files, or more than '
                f'{allowed / 2**20:.0f} MiB, which is too much for its size: get it again.'
            )
        if size > free:
            raise DataError(f'{archive} does not fit: {free / 2**20:.0f} MiB are free on the disk.')
        yield member


class _Member(tarfile.TarInfo):
    """Refuses to read a description of a file, such as its long name, that fills the memory."""

    @classmethod
    def frombuf(cls, *args: Any, **kwargs: Any) -> '_Member':
        member = super().frombuf(*args, **kwargs)
        if not member.isreg() and member.size > MAX_HEADER:
            raise tarfile.ExtractError(f'a header says that it has {member.size} bytes')
        return member
