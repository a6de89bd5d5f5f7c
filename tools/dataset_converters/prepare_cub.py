# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Unpack and check CUB-200-2011: prepare_cub.py CUB_200_2011.tgz --out data/.

A folder in place of the archive is only checked. The archive stays as it is.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from archives import Recipe, prepare, read_headers

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import DataError

EXPECTED = {'train': 5994, 'test': 5794, 'classes': 200}
LISTS = ('images.txt', 'image_class_labels.txt', 'train_test_split.txt')


def check(root: Path) -> dict[str, int]:
    """Count images of each split and classes."""
    images, labels, splits = (_read(root / name) for name in LISTS)
    for name, values in zip(LISTS[1:], (labels, splits), strict=True):
        odd = images.keys() ^ values.keys()
        if odd:
            raise DataError(
                f'{root / name} lists {len(values)} images and {LISTS[0]} {len(images)}; they '
                f'differ in the index {min(odd)}. {RECIPE.download}'
            )
    counts = {'classes': len(set(labels.values()))}
    for split, flag in (('train', '1'), ('test', '0')):
        paths = [root / 'images' / images[key] for key in images if splits[key] == flag]
        counts[split] = read_headers(paths, f'CUB {split}')
    return counts


def _read(path: Path) -> dict[str, str]:
    """Read lines of an index and a value."""
    if not path.is_file():
        raise DataError(f'There is no {path}: {path.parent} is not the folder CUB_200_2011.')
    try:
        lines = path.read_text(encoding='utf-8').splitlines()
    except UnicodeError as error:
        raise DataError(f'{path} is not a text file ({error}).') from error
    pairs = [line.split() for line in lines if line.strip()]
    wrong = [pair for pair in pairs if len(pair) != 2]
    if wrong:
        raise DataError(f'{path} has the line {" ".join(wrong[0])!r}, not an index and a value.')
    return dict(pairs)


RECIPE = Recipe(
    name='CUB-200-2011',
    folder='CUB_200_2011',
    strip='CUB_200_2011',
    loose={},
    check=check,
    expected=EXPECTED,
    download='Download CUB_200_2011.tgz from the Caltech-UCSD Birds site (1.1 GB).',
)


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Prepare."""
    parser = argparse.ArgumentParser(
        description=f'Unpack and check CUB-200-2011. {RECIPE.download} The archive may lie '
        'anywhere and stays as it is.'
    )
    parser.add_argument('source', type=Path, nargs=1, help='the archive, or its unpacked folder')
    parser.add_argument('--out', type=output_folder, default='data', help='where to unpack (data)')
    args = parser.parse_args(argv)
    prepare(RECIPE, args.source, Path(args.out))


if __name__ == '__main__':
    main()
