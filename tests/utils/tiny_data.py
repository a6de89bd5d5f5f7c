# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tiny data sets in the layouts that the project's configs expect below ``data/``."""

import json
from collections.abc import Sequence
from pathlib import Path

import mat4py
import numpy as np
from PIL import Image

from tests.utils.tiny import CLASSES

VOC = (
    'aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow',
    'diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa', 'train',
    'tvmonitor',
)  # fmt: skip


def save_noise(path: Path, size: tuple[int, int], seed: int) -> np.ndarray:
    """Write a noise image of (height, width)."""
    pixels = np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return pixels


def make_coco(root: Path, num_images: int = 6, size: tuple[int, int] = (40, 56)) -> Path:
    """Write a COCO-style data set of noise images with a bright object each.

    Args:
        root (Path): Folder to make.
        num_images (int): Images; train and val share them. Defaults to 6.
        size (tuple[int, int]): Height and width. Defaults to (40, 56).
    """
    rng = np.random.default_rng(0)
    (root / 'images').mkdir(parents=True)
    images, annotations = [], []
    height, width = size
    for index in range(num_images):
        pixels = rng.integers(0, 128, (height, width, 3), dtype=np.uint8)
        x, y = (int(v) for v in rng.integers(0, (width // 2, height // 2)))
        box = [x, y, width // 2, height // 2]
        pixels[y : y + box[3], x : x + box[2]] += np.uint8(100)
        name = f'{index}.png'
        Image.fromarray(pixels).save(root / 'images' / name)
        images.append(dict(id=f'img_{index}', file_name=name, height=height, width=width))
        annotations.append(
            dict(
                id=index + 1,
                image_id=f'img_{index}',
                category_id=index % len(CLASSES) + 1,
                bbox=box,
                area=box[2] * box[3],
                iscrowd=0,
            )
        )
    categories = [dict(id=i + 1, name=name) for i, name in enumerate(CLASSES)]
    content = dict(images=images, annotations=annotations, categories=categories)
    (root / 'ann.json').write_text(json.dumps(content))
    return root


def make_voc(
    root: Path, stems: Sequence[str] = ('a', 'b'), size: tuple[int, int] = (40, 56)
) -> None:
    """Write VOCdevkit with segmentation, and detection in COCO's form, train and val alike."""
    voc = root / 'VOCdevkit' / 'VOC2012'
    for folder in ('SegmentationClass', 'ImageSets/Segmentation'):
        (voc / folder).mkdir(parents=True)
    height, width = size
    images, annotations = [], []
    for index, stem in enumerate(stems):
        save_noise(voc / 'JPEGImages' / f'{stem}.jpg', size, index)
        label = np.zeros(size, np.uint8)
        label[: height // 2, : width // 2] = index + 1
        label[-2:] = 255
        Image.fromarray(label).save(voc / 'SegmentationClass' / f'{stem}.png')
        images.append(dict(id=stem, file_name=f'{stem}.jpg', height=height, width=width))
        box = dict(bbox=[2, 2, width // 2, height // 2], area=width * height // 4, iscrowd=0)
        annotations.append(dict(id=index + 1, image_id=stem, category_id=index + 1, **box))
    categories = [dict(id=i + 1, name=name) for i, name in enumerate(VOC)]
    content = json.dumps(dict(images=images, annotations=annotations, categories=categories))
    (root / 'voc2012_coco').mkdir()
    for split in ('train', 'val'):
        (voc / 'ImageSets' / 'Segmentation' / f'{split}.txt').write_text('\n'.join(stems))
        (root / 'voc2012_coco' / f'instances_{split}.json').write_text(content)


def make_cars(root: Path, number: int = 2, size: tuple[int, int] = (40, 56)) -> None:
    """Write Stanford Cars as one .mat file and a folder of images, as many in each split."""
    names = [f'car_ims/{index:06d}.jpg' for index in range(2 * number)]
    for index, name in enumerate(names):
        save_noise(root / 'stanford_cars' / name, size, index)
    annotations = {
        'relative_im_path': names,
        'class': [index % number + 1 for index in range(2 * number)],
        'test': [int(index >= number) for index in range(2 * number)],
    }
    mat4py.savemat(str(root / 'stanford_cars' / 'cars_annos.mat'), dict(annotations=annotations))


def make_cub(root: Path, number: int = 2, size: tuple[int, int] = (40, 56)) -> None:
    """Write CUB-200-2011's images and lists, as many images in each split."""
    folder = root / 'CUB_200_2011'
    names = [f'{index % number + 1:03d}.bird/{index}.jpg' for index in range(2 * number)]
    for index, name in enumerate(names):
        save_noise(folder / 'images' / name, size, index)
    columns = {
        'images.txt': names,
        'image_class_labels.txt': [index % number + 1 for index in range(2 * number)],
        'train_test_split.txt': [int(index < number) for index in range(2 * number)],
    }
    for file, values in columns.items():
        lines = [f'{index + 1} {value}' for index, value in enumerate(values)]
        (folder / file).write_text('\n'.join(lines))


def make_data(root: Path, number: int = 2) -> Path:
    """Write all of them, with as many images in each split."""
    make_voc(root, [f'img{index}' for index in range(number)])
    make_cars(root, number)
    make_cub(root, number)
    make_small(root, number)
    return root


def make_small(root: Path, number: int = 2, size: tuple[int, int] = (40, 56)) -> None:
    """Write the data of the small benchmark, after that of VOC, whose annotations it shares."""
    for split in ('train', 'val'):
        for index in range(number):
            save_noise(root / 'cars40' / split / f'car{index}' / 'a.jpg', size, index)
            save_noise(root / 'camvid' / 'images' / split / f'{index}.jpg', size, index)
            maps = root / 'camvid' / 'annotations' / split
            maps.mkdir(parents=True, exist_ok=True)
            label = np.full(size, index, np.uint8)
            label[-2:] = 255
            Image.fromarray(label).save(maps / f'{index}.png')
            save_noise(root / 'voc5/VOCdevkit/VOC2012/JPEGImages' / f'img{index}.jpg', size, index)
        content = json.loads((root / 'voc2012_coco' / f'instances_{split}.json').read_text())
        names = ('car', 'person', 'cat', 'train', 'bus')
        content['categories'] = [dict(id=i + 1, name=name) for i, name in enumerate(names)]
        (root / 'voc5' / f'instances_{split}.json').write_text(json.dumps(content))
