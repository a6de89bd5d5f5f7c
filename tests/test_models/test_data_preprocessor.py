# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Range, channel order and padding of a batch."""

from typing import Any

import numpy as np
import pytest
import torch
from mmengine.structures import BaseDataElement

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.registry import MODELS


def make_images(*sizes: tuple[int, int]) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randint(0, 256, (3, *size), generator=generator).byte() for size in sizes]


def preprocess(inputs: object, samples: list | None = None, **options: Any) -> dict:
    preprocessor = MODELS.build(dict(type='SRDataPreprocessor', **dict(dict(scale=4), **options)))
    return preprocessor(dict(inputs=inputs, data_samples=samples))


def padded(image: torch.Tensor, height: int, width: int, mode: str) -> np.ndarray:
    """BGR in 0..255 to RGB in [0, 1], padded by NumPy."""
    rgb = image.numpy()[::-1].astype(np.float64) / 255
    extra = ((0, 0), (0, height - rgb.shape[1]), (0, width - rgb.shape[2]))
    return np.pad(rgb, extra, mode=mode)


def test_bgr_bytes_become_rgb_in_0_1() -> None:
    (image,) = make_images((8, 12))
    for bgr_to_rgb, order in ((True, [2, 1, 0]), (False, [0, 1, 2])):
        hr = preprocess([image], bgr_to_rgb=bgr_to_rgb)['inputs']['hr']
        assert hr.dtype == torch.float32
        assert torch.equal(hr[0], image[order].float() / 255)


def test_sizes_are_rounded_up_to_the_scale() -> None:
    images = make_images((9, 16), (8, 13))
    data = preprocess(images)['inputs']
    assert data['hr'].shape == (2, 3, 12, 16)
    assert data['sizes'] == [(9, 16), (8, 13)]


def test_reflects_unless_an_image_is_too_small_to() -> None:
    images = make_images((16, 16), (9, 15), (5, 16), (16, 8), (8, 16))
    hr = preprocess(images)['inputs']['hr'].numpy()
    # To reflect n rows or columns takes n + 1: the last two lack 8 and have 8.
    modes = ['reflect', 'reflect', 'edge', 'edge', 'edge']
    for image, result, mode in zip(images, hr, modes, strict=True):
        np.testing.assert_allclose(result, padded(image, 16, 16, mode), atol=1e-6)


def test_replicates_when_told() -> None:
    images = make_images((16, 16), (13, 14))
    hr = preprocess(images, pad_mode='replicate')['inputs']['hr'].numpy()
    np.testing.assert_allclose(hr[1], padded(images[1], 16, 16, 'edge'), atol=1e-6)


def test_other_padding_is_refused() -> None:
    with pytest.raises(ConfigError, match="'zero'.*'reflect' or 'replicate'"):
        preprocess(make_images((8, 8)), pad_mode='zero')


def test_cropping_by_sizes_gives_the_images_back() -> None:
    images = make_images((9, 16), (14, 13))
    data = preprocess(images)['inputs']
    for image, hr, (height, width) in zip(images, data['hr'], data['sizes'], strict=True):
        assert torch.equal(hr[:, :height, :width], image.flip(0).float() / 255)


def test_data_samples_come_through() -> None:
    samples = [BaseDataElement(metainfo=dict(img_path='a.png'))]
    assert preprocess(make_images((8, 8)), samples)['data_samples'][0].img_path == 'a.png'


def test_image_smaller_than_the_scale_is_named() -> None:
    samples = [BaseDataElement(metainfo=dict(img_path=f'{name}.png')) for name in ('big', 'thin')]
    with pytest.raises(DataError, match=r'thin\.png is 40x3 pixels, smaller than the scale 4'):
        preprocess(make_images((8, 8), (3, 40)), samples)


def test_stored_lr_images_are_batched_beside_hr() -> None:
    hr, lr = make_images((9, 16), (16, 12)), make_images((3, 4), (4, 3))
    data = preprocess(dict(hr=hr, lr=lr))['inputs']
    assert data['hr'].shape == (2, 3, 16, 16)
    assert data['lr'].shape == (2, 3, 4, 4)
    np.testing.assert_allclose(data['lr'][0].numpy(), padded(lr[0], 4, 4, 'reflect'), atol=1e-6)


def test_stored_lr_image_of_another_size_is_named() -> None:
    samples = [BaseDataElement(metainfo=dict(img_path='a.png'))]
    with pytest.raises(DataError, match=r'LR image of a\.png is 4x4 pixels, not 4x3'):
        preprocess(dict(hr=make_images((9, 16)), lr=make_images((4, 4))), samples)
