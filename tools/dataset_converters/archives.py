# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data sets from archives: unpacked whole or not at all, counted, the archives left alone."""

import os
import shutil
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image
from rich import progress
from rich.console import Console
from rich.progress import track
from rich.table import Table

from sr4ir_mm.errors import DataError

notes = Console(stderr=True)
# What an archive of photographs never reaches, and one that is made to fill a disk does.
MEMBERS, RATIO, SMALL = 500_000, 20, 100 * 2**20
STRANGE = 'neither a file nor a folder: get the archive again'


@dataclass(frozen=True)
class Recipe:
    """How a data set is prepared.

    Args:
        name (str): What it is called.
        place (str): Its folder below ``--out``, also the data_root of the configs.
        strip (str): The folder in the archives that becomes it; others are left out. '' takes all.
        loose (dict[str, str]): Files that are not archives, and the folders they belong in.
        check (Callable): Counts what is in a folder: what to its number.
        expected (dict[str, int]): What to the number that it must be.
        download (str): What to get from where.
    """

    name: str
    place: str
    strip: str
    loose: dict[str, str]
    check: Callable[[Path], dict[str, int]]
    expected: dict[str, int]
    download: str


def prepare(recipe: Recipe, sources: Sequence[Path], out: Path) -> int:
    """Unpack and check, or check what is there; print the counts; give the exit code.

    Args:
        recipe (Recipe): The data set.
        sources (Sequence[Path]): Archives, or one folder that holds the data set already.
        out (Path): Where its folder is made.
    """
    try:
        root = _root(recipe, sources, out)
        counts = recipe.check(root)
    except (DataError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    table = Table('what', 'found', 'expected', title=recipe.name)
    for what, number in recipe.expected.items():
        table.add_row(what, str(counts[what]), str(number))
    Console().print(table)
    wrong = {what for what, number in recipe.expected.items() if counts[what] != number}
    if wrong:
        what = sorted(wrong)[0]
        print(
            f'error: {root} has {counts[what]} of {what}, not {recipe.expected[what]}: it is not '
            f'complete. {recipe.download}',
            file=sys.stderr,
        )
        return 2
    print(f'{recipe.name} is complete in {root}; the configs look for it in data/{recipe.place}.')
    return 0


def read_headers(paths: Iterable[Path], what: str) -> int:
    """Count images after reading their headers.

    Raises:
        DataError: A file is missing or is no image.
    """
    number = 0
    for path in track(list(paths), what, console=notes, transient=True):
        try:
            with Image.open(path):
                number += 1
        except FileNotFoundError:
            raise DataError(f'{path} is missing: unpack the archive again.') from None
        except OSError as error:
            raise DataError(f'{path} is not an image ({error}).') from error
    return number


def _root(recipe: Recipe, sources: Sequence[Path], out: Path) -> Path:
    target = out / recipe.place
    missing = [source for source in sources if not source.exists()]
    if missing:
        raise DataError(f'There is no {missing[0]}. {recipe.download}')
    if len(sources) == 1 and sources[0].is_dir():
        inner = [sources[0] / recipe.place, sources[0]]
        return next(folder for folder in inner if folder.is_dir())
    if target.exists():
        notes.print(f'{target} is there already; it is checked only.')
        return target
    part = target.with_name(f'.{target.name}.part')
    shutil.rmtree(part, ignore_errors=True)  # left by an interrupted call
    part.mkdir(parents=True)
    try:
        for source in sources:
            if tarfile.is_tarfile(source):
                _unpack(source, part, recipe.strip)
            elif source.name in recipe.loose:
                folder = part / recipe.loose[source.name]
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / source.name)
            else:
                raise DataError(f'{source} is no tar archive. {recipe.download}')
        if not any(part.iterdir()):
            raise DataError(f'{sources[0]} has no folder {recipe.strip}. {recipe.download}')
        os.replace(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _unpack(archive: Path, folder: Path, strip: str) -> None:
    """Extract the files below ``strip``, as far as tarfile's own data filter allows.

    Raises:
        DataError: It is broken, leads out of the folder, or is larger than can be meant.
    """
    inner = PurePosixPath(strip).parts
    room = min(max(SMALL, RATIO * archive.stat().st_size), shutil.disk_usage(folder).free)
    try:
        with (
            progress.open(
                archive, 'rb', description=archive.name, console=notes, transient=True
            ) as raw,
            tarfile.open(fileobj=raw) as tar,
        ):
            for number, member in enumerate(tar):
                if not (member.isfile() or member.isdir()):
                    raise DataError(f'{archive} has the member {member.name}, which is {STRANGE}.')
                tarfile.data_filter(member, str(folder))
                parts = PurePosixPath(member.name).parts
                if parts[: len(inner)] != inner or not member.isfile():
                    continue
                room -= member.size
                if room < 0 or number >= MEMBERS:
                    raise DataError(
                        f'{archive} unpacks to more than {RATIO} times its size, {MEMBERS} files '
                        f'or the free space of {folder.parent}: free some, or get it again.'
                    )
                name = str(PurePosixPath(*parts[len(inner) :]))
                tar.extract(member.replace(name=name, deep=False), folder, filter='data')
    except tarfile.FilterError as error:
        raise DataError(
            f'{archive} has the member {error.tarinfo.name}, which leads out of the folder it is '
            'unpacked to: get the archive again.'
        ) from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise DataError(f'{archive} is broken or cut off ({error}): get it again.') from error
