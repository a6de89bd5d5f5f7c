# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Generated pictures of discs and squares, with annotations of every kind."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

SIZE = (68, 100)
"""Height and width; neither is a multiple of 8, so what needs a divisor has to pad."""
THINGS = ('disc', 'square')
STUFF = ('ground',)
CROP = 64
"""Side of the pictures for classification."""


def make_data(root: Path, number: int = 2) -> None:
    """Write pictures, COCO annotations with masks, label maps, and a folder for each class.

    Args:
        root (Path): Folder to make; nothing is done if it is there.
        number (int): Pictures; training and validation share them. Defaults to 2.
    """
    if root.is_dir():
        return
    rng = np.random.default_rng(0)
    partial = root.with_name(f'{root.name}.partial')
    for folder in ('images', 'maps', *(f'classes/{name}' for name in THINGS)):
        (partial / folder).mkdir(parents=True, exist_ok=True)
    images: list[dict] = []
    annotations: list[dict] = []
    for index in range(number):
        picture = rng.integers(0, 80, (*SIZE, 3), dtype=np.uint8)
        labels = np.full(SIZE, len(THINGS), np.uint8)
        for label in range(len(THINGS)):
            x, y = 8 + 44 * label + 4 * index, 12 + 6 * index
            polygon = _polygon(label, x, y, 36)
            cv2.fillPoly(picture, [polygon], (60 + 90 * label, 200, 120))
            cv2.fillPoly(labels, [polygon], label)
            annotations.append(_annotation(len(annotations) + 1, index, label, polygon))
        name = f'{index}.png'
        cv2.imwrite(str(partial / 'images' / name), picture)
        cv2.imwrite(str(partial / 'maps' / name), labels)
        images.append(dict(id=index, file_name=name, height=SIZE[0], width=SIZE[1]))
        small = picture[:CROP, 36 * index :][:, :CROP]
        cv2.imwrite(str(partial / 'classes' / THINGS[index % len(THINGS)] / name), small)
    categories = [dict(id=i + 1, name=name) for i, name in enumerate(THINGS + STUFF)]
    content = dict(images=images, annotations=annotations, categories=categories)
    (partial / 'instances.json').write_text(json.dumps(content), encoding='utf-8')
    partial.rename(root)


def _polygon(label: int, x: int, y: int, side: int) -> np.ndarray:
    corners = 4 if label else 24
    angles = 2 * np.pi * (np.arange(corners) + 0.5) / corners
    around = np.stack([np.cos(angles), np.sin(angles)], 1) * (0.7 if label else 0.5)
    return np.round((around + 0.5) * side + (x, y)).astype(np.int32)


def _annotation(number: int, image: int, label: int, polygon: np.ndarray) -> dict[str, Any]:
    x, y = polygon.min(0).tolist()
    width, height = (polygon.max(0) - polygon.min(0)).tolist()
    return dict(
        id=number,
        image_id=image,
        category_id=label + 1,
        bbox=[x, y, width, height],
        area=width * height,
        segmentation=[polygon.flatten().tolist()],
        iscrowd=0,
    )
