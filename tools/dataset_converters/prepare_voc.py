# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Unpack and check PASCAL VOC2012: prepare_voc.py VOCtrainval_11-May-2012.tar --out data/.

A folder in place of the archive is only checked. The archive stays as it is. For detection run
voc_to_coco.py next.
"""

import argparse
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from archives import Recipe, prepare, read_headers

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import DataError

EXPECTED = {
    'segmentation train': 1464,
    'segmentation val': 1449,
    'detection train': 5717,
    'detection val': 5823,
}


def check(root: Path) -> dict[str, int]:
    """Count images of each split whose annotations are there."""
    counts = {}
    for split in ('train', 'val'):
        what = f'segmentation {split}'
        stems = _read(root, f'Segmentation/{split}.txt')
        counts[what] = read_headers((root / f'JPEGImages/{stem}.jpg' for stem in stems), what)
        read_headers((root / f'SegmentationClass/{stem}.png' for stem in stems), f'{what}, labels')
    for split in ('train', 'val'):
        what = f'detection {split}'
        stems = _read(root, f'Main/{split}.txt')
        counts[what] = read_headers((root / f'JPEGImages/{stem}.jpg' for stem in stems), what)
        for stem in stems:
            boxes = root / f'Annotations/{stem}.xml'
            if not boxes.is_file():
                raise DataError(f'{boxes} is missing: unpack the archive again.')
    return counts


def _read(root: Path, name: str) -> list[str]:
    """Read the stems of a split's images."""
    path = root / 'ImageSets' / name
    if not path.is_file():
        raise DataError(f'There is no {path}: {root} is not the folder VOC2012.')
    try:
        stems = path.read_text(encoding='utf-8').split()
    except UnicodeError as error:
        raise DataError(f'{path} is not a text file ({error}).') from error
    repeated = [stem for stem, count in Counter(stems).items() if count > 1]
    if repeated:
        raise DataError(f'{path} is not a list of different images: it repeats {repeated[0]!r}.')
    return stems


RECIPE = Recipe(
    name='PASCAL VOC2012',
    folder='VOCdevkit/VOC2012',
    strip='VOCdevkit/VOC2012',
    loose={},
    check=check,
    expected=EXPECTED,
    download='Download VOCtrainval_11-May-2012.tar from the PASCAL VOC2012 site (2 GB).',
)


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Prepare."""
    parser = argparse.ArgumentParser(
        description=f'Unpack and check PASCAL VOC2012. {RECIPE.download} The archive may lie '
        'anywhere and stays as it is.'
    )
    parser.add_argument('source', type=Path, nargs=1, help='the archive, or its unpacked folder')
    parser.add_argument('--out', type=output_folder, default='data', help='where to unpack (data)')
    args = parser.parse_args(argv)
    prepare(RECIPE, args.source, Path(args.out))
    folder = args.source[0] if args.source[0].is_dir() else Path(args.out)
    devkit = folder.parent if folder.name == 'VOC2012' else folder
    command = shlex.join([str(devkit), str(Path(args.out, 'voc2012_coco'))])
    print(f'For detection, next: python tools/dataset_converters/voc_to_coco.py {command}')


if __name__ == '__main__':
    main()
