# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The same pixels as torchvision's resize."""

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms.functional import resize

from sr4ir_mm.datasets.transforms import ResizeShortSide


@pytest.mark.parametrize('size', [(33, 50), (50, 33), (40, 40), (21, 64)])
def test_equals_torchvision(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    label = rng.integers(0, 20, size, dtype=np.uint8)
    results = ResizeShortSide(size=52).transform(dict(img=image, gt_seg_map=label))
    expected = np.asarray(resize(Image.fromarray(image), 52))
    assert results['img_shape'] == expected.shape[:2]
    np.testing.assert_array_equal(results['img'], expected)
    nearest = resize(Image.fromarray(label), 52, interpolation=InterpolationMode.NEAREST)
    np.testing.assert_array_equal(results['gt_seg_map'], np.asarray(nearest))


def test_long_side_is_rounded_down() -> None:
    results = ResizeShortSide(size=520).transform(dict(img=np.zeros((333, 500, 3), np.uint8)))
    assert results['img'].shape == (520, 780, 3)  # 780.78


def test_boxes_follow() -> None:
    boxes = np.array([[10.0, 20.0, 30.0, 40.0]])
    results = ResizeShortSide(size=80).transform(
        dict(img=np.zeros((40, 60, 3), np.uint8), gt_bboxes=boxes)
    )
    np.testing.assert_allclose(results['gt_bboxes'], boxes * 2)
