# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Generate the demo's classification data set, a folder for each class.

``python demo/make_dataset.py OUT`` writes ``OUT/{train,val}/CLASS/*.png``. The same parameters give
the same images, on disk already or not; what is in the images is said in ``textures.py`` beside
this file.
"""

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track
from textures import CLASSES, SIDES, make_image

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import DataError

MARKER = 'made_by_make_dataset.json'
VERSION = 2
"""To be raised with each change of the images, so that old ones are made anew."""


def make_dataset(
    out_dir: str | Path, num_train: int = 800, num_val: int = 400, size: int = 48, seed: int = 0
) -> Path:
    """Generate the data set unless it is there.

    The folder appears only when it is complete. One of other parameters is replaced; a folder with
    anything else in it is left alone.

    Args:
        out_dir (str | Path): The data set's folder.
        num_train (int): Number of training images. Defaults to 800.
        num_val (int): Number of validation images. Defaults to 400.
        size (int): Height and width of the images in pixels, at least 48. Defaults to 48.
        seed (int): Of the random choices. Defaults to 0.

    Returns:
        Path: The folder.

    Raises:
        DataError: The folder holds something else, or a parameter is out of range.
    """
    if min(num_train, num_val) < len(CLASSES) or size < SIDES[1] or seed < 0:
        raise DataError(
            f'num_train={num_train}, num_val={num_val}, size={size}, seed={seed}: there must be '
            f'at least one image of each class in each split, of at least {SIDES[1]} pixels, and a '
            'seed >= 0.'
        )
    out = Path(out_dir).resolve()
    parameters = dict(num_train=num_train, num_val=num_val, size=size, seed=seed, version=VERSION)
    if out.exists():
        if _read_marker(out) == parameters:
            return out
        if not (out / MARKER).is_file() and (not out.is_dir() or any(out.iterdir())):
            raise DataError(f'{out} is not a data set of make_dataset: name another folder.')
    temporary = out.with_name(f'.{out.name}.{os.getpid()}')
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        temporary.mkdir(parents=True)
        for index, (split, count) in enumerate(dict(train=num_train, val=num_val).items()):
            _write_split(temporary, split, count, size, seed=[seed, index])
        (temporary / MARKER).write_text(json.dumps(parameters, indent=2), encoding='utf-8')
        _replace(out, temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return out


def _read_marker(out: Path) -> dict | None:
    try:
        return json.loads((out / MARKER).read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return None


def _replace(out: Path, new: Path) -> None:
    """Put a folder in the place of another, which may not exist."""
    if not out.exists():
        os.replace(new, out)
        return
    old = new.with_name(f'{new.name}.old')
    os.replace(out, old)
    os.replace(new, out)
    shutil.rmtree(old)


def _write_split(root: Path, split: str, count: int, size: int, seed: list[int]) -> None:
    for name in CLASSES:
        (root / split / name).mkdir(parents=True)
    for index in track(range(count), f'Generating {split}', console=Console(stderr=True)):
        name = CLASSES[index % len(CLASSES)]
        # A generator an image: more images do not change the first ones.
        pixels = make_image(np.random.default_rng([*seed, index]), name, size)
        Image.fromarray(pixels).save(root / split / name / f'{split}_{index:05d}.png')


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Generate, and print the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('out', type=output_folder, help="the data set's folder")
    parser.add_argument('--num-train', type=int, default=800, help='training images (800)')
    parser.add_argument('--num-val', type=int, default=400, help='validation images (400)')
    parser.add_argument('--size', type=int, default=48, help='image side in pixels (48)')
    parser.add_argument('--seed', type=int, default=0, help='of the random choices (0)')
    args = parser.parse_args(argv)
    out = make_dataset(args.out, args.num_train, args.num_val, args.size, args.seed)
    print(f'The demo data set is in {out}')


if __name__ == '__main__':
    main()
