# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The data sets' archives as their sites publish them, tiny, with the tools that prepare them."""

import shutil
import tarfile
from pathlib import Path
from types import ModuleType

from tests.utils.tiny_data import make_cars, make_cub, make_voc
from tests.utils.tools import exit_code, tool


def voc(root: Path) -> tuple[ModuleType, list[Path]]:
    make_voc(root / 'site')
    devkit = root / 'site' / 'VOCdevkit'
    main = devkit / 'VOC2012' / 'ImageSets' / 'Main'
    shutil.copytree(main.parent / 'Segmentation', main)
    (devkit / 'VOC2012' / 'Annotations').mkdir()
    for stem in ('a', 'b'):
        (devkit / 'VOC2012' / 'Annotations' / f'{stem}.xml').write_text('<annotation/>')
    module = tool('dataset_converters/prepare_voc')
    module.EXPECTED.update(dict.fromkeys(module.EXPECTED, 2))
    return module, [pack(root, 'VOCtrainval_11-May-2012.tar', 'VOCdevkit')]


def cub(root: Path) -> tuple[ModuleType, list[Path]]:
    make_cub(root / 'site')
    (root / 'site' / 'attributes.txt').write_text('beside the folder, as in the archive')
    module = tool('dataset_converters/prepare_cub')
    module.EXPECTED.update(train=2, test=2, classes=2)
    return module, [pack(root, 'CUB_200_2011.tgz', 'CUB_200_2011', 'attributes.txt')]


def cars(root: Path) -> tuple[ModuleType, list[Path]]:
    make_cars(root)
    (root / 'stanford_cars').rename(root / 'site')
    annotations = shutil.move(root / 'site' / 'cars_annos.mat', root / 'cars_annos.mat')
    module = tool('dataset_converters/prepare_stanford_cars')
    module.EXPECTED.update(train=2, test=2, classes=2)
    return module, [pack(root, 'car_ims.tgz', 'car_ims'), Path(annotations)]


def pack(root: Path, name: str, *members: str) -> Path:
    with tarfile.open(root / name, 'w:gz' if name.endswith('gz') else 'w') as tar:
        for member in members:
            tar.add(root / 'site' / member, member)
    return root / name


def run(module: ModuleType, sources: list[Path], out: Path) -> object:
    return exit_code(module.main, [*map(str, sources), '--out', str(out)])
