# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Unpack and check PASCAL VOC2012: prepare_voc.py VOCtrainval_11-May-2012.tar --out data/.

A folder in the place of the archive is only checked. The archive stays as it is. For detection run
voc_to_coco.py next.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sr4ir_mm.apis.archives import Recipe, prepare, read_headers
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
    for task, folder, labels in (
        ('segmentation', 'Segmentation', 'SegmentationClass/{}.png'),
        ('detection', 'Main', 'Annotations/{}.xml'),
    ):
        for split in ('train', 'val'):
            path = root / 'ImageSets' / folder / f'{split}.txt'
            if not path.is_file():
                raise DataError(f'There is no {path}: {root} is not the folder VOC2012.')
            stems = path.read_text(encoding='utf-8').split()
            what = f'{task} {split}'
            counts[what] = read_headers((root / f'JPEGImages/{stem}.jpg' for stem in stems), what)
            for stem in stems:
                label = root / labels.format(stem)
                if not label.is_file():
                    raise DataError(f'{label} is missing: unpack the archive again.')
    return counts


RECIPE = Recipe(
    name='PASCAL VOC2012',
    place='VOCdevkit/VOC2012',
    strip='VOCdevkit/VOC2012',
    loose={},
    check=check,
    expected=EXPECTED,
    download='Download VOCtrainval_11-May-2012.tar from the PASCAL VOC2012 site (2 GB).',
)


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare; give the exit code."""
    parser = argparse.ArgumentParser(
        description=f'Unpack and check PASCAL VOC2012. {RECIPE.download}'
    )
    parser.add_argument('source', type=Path, nargs=1, help='the archive, or its unpacked folder')
    parser.add_argument('--out', type=Path, default=Path('data'), help='where to unpack (data)')
    args = parser.parse_args(argv)
    return prepare(RECIPE, args.source, args.out)


if __name__ == '__main__':
    sys.exit(main())
