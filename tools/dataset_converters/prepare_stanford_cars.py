# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Unpack and check Stanford Cars: prepare_stanford_cars.py FILES --out data/.

FILES are car_ims.tgz and cars_annos.mat; or cars_train.tgz, cars_test.tgz, car_devkit.tgz and
cars_test_annos_withlabels.mat. A folder in their place is only checked. The files stay as they are.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from archives import Recipe, prepare, read_headers

from sr4ir_mm.apis.arguments import output_folder
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import DataError

EXPECTED = {'train': 8144, 'test': 8041, 'classes': 196}
DEVKIT = {'train': 'cars_train_annos.mat', 'test': 'cars_test_annos_withlabels.mat'}


def check(root: Path) -> dict[str, int]:
    """Count images of each split and classes, as mmpretrain's data set finds them.

    Raises:
        DataError: Annotations are missing or cannot be read.
    """
    from mmpretrain.datasets import StanfordCars  # seconds

    counts, labels = {}, set()
    for split in ('train', 'test'):
        path = root / 'cars_annos.mat'
        if not path.is_file():
            path = root / 'devkit' / DEVKIT[split]
        if not path.is_file():
            raise DataError(
                f'There is neither {root / "cars_annos.mat"} nor {path}. {RECIPE.download}'
            )
        try:
            dataset = StanfordCars(str(root), split=split)
        except Exception as error:  # what the parser raises depends on the bytes that it meets
            raise DataError(
                f'{path} is not the annotations of Stanford Cars ({error!r}). {RECIPE.download}'
            ) from error
        infos = [dataset.get_data_info(index) for index in range(len(dataset))]
        labels |= {info['gt_label'] for info in infos}
        counts[split] = read_headers((Path(info['img_path']) for info in infos), f'Cars {split}')
    return {**counts, 'classes': len(labels)}


RECIPE = Recipe(
    name='Stanford Cars',
    folder='stanford_cars',
    strip='',
    loose={'cars_annos.mat': '.', 'cars_test_annos_withlabels.mat': 'devkit'},
    check=check,
    expected=EXPECTED,
    download='Download car_ims.tgz and cars_annos.mat from the Stanford Cars site, or '
    'cars_train.tgz, cars_test.tgz, car_devkit.tgz and cars_test_annos_withlabels.mat, and name '
    'all of them.',
)


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Prepare."""
    parser = argparse.ArgumentParser(
        description=f'Unpack and check Stanford Cars. {RECIPE.download} The files may lie '
        'anywhere and stay as they are.'
    )
    parser.add_argument('sources', type=Path, nargs='+', help='the files, or one unpacked folder')
    parser.add_argument('--out', type=output_folder, default='data', help='where to unpack (data)')
    args = parser.parse_args(argv)
    prepare(RECIPE, args.sources, Path(args.out))


if __name__ == '__main__':
    main()
