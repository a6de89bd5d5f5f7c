# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images that cannot be loaded are named."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.registry import TRANSFORMS


def save(path: Path, height: int = 40, width: int = 60) -> np.ndarray:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


def load(path: Path, **options: Any) -> dict:
    return TRANSFORMS.build(dict(type='LoadImage', **options))(dict(img_path=str(path)))


def truncate(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_image_is_bgr_with_its_size(tmp_path: Path) -> None:
    pixels = save(tmp_path / 'a.png')
    results = load(tmp_path / 'a.png')
    np.testing.assert_array_equal(results['img'], pixels[..., ::-1])
    assert results['img_shape'] == results['ori_shape'] == (40, 60)


def test_jpeg_is_what_pillow_decodes(tmp_path: Path) -> None:
    path = tmp_path / 'a.jpg'
    save(path)
    expected = np.asarray(Image.open(path).convert('RGB'))
    np.testing.assert_array_equal(load(path)['img'], expected[..., ::-1])


def test_missing_image_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'no_such\.jpg is missing.*data_prefix'):
        load(tmp_path / 'no_such.jpg')


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_truncated_image_is_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f'half{suffix}'
    save(path)
    truncate(path)
    with pytest.raises(DataError, match=rf'half\{suffix} cannot be read'):
        load(path)


@pytest.mark.parametrize('content', [b'', b'This is no image.'])
@pytest.mark.parametrize('backend', ['pillow', 'cv2'])
def test_file_that_is_no_image_is_named(content: bytes, backend: str, tmp_path: Path) -> None:
    path = tmp_path / 'text.jpg'
    path.write_bytes(content)
    with pytest.raises(DataError, match=r'text\.jpg cannot be read'):
        load(path, imdecode_backend=backend)


@pytest.mark.parametrize('backend', ['pillow', 'cv2'])
def test_image_must_be_as_large_as_annotated(backend: str, tmp_path: Path) -> None:
    path = tmp_path / 'a.jpg'
    pixels = Image.fromarray(np.zeros((40, 60, 3), np.uint8))
    exif = pixels.getexif()
    exif[0x0112] = 6
    pixels.save(path, exif=exif)
    loader = TRANSFORMS.build(dict(type='LoadImage', imdecode_backend=backend))
    assert loader(dict(img_path=str(path), height=60, width=40))['img'].shape == (60, 40, 3)
    assert loader(dict(img_path=str(path)))['img'].shape == (60, 40, 3)
    message = r'a\.jpg is 40x60 pixels, but its annotations are for 60x40, turned on its side'
    with pytest.raises(DataError, match=message):
        loader(dict(img_path=str(path), height=40, width=60))
    with pytest.raises(DataError, match=r'for 30x40: put the image there'):
        loader(dict(img_path=str(path), height=40, width=30))


def test_an_lr_image_is_a_part_of_what_was_annotated(tmp_path: Path) -> None:
    path = tmp_path / 'a.png'
    Image.fromarray(np.zeros((10, 15, 3), np.uint8)).save(path)
    loader = TRANSFORMS.build(dict(type='LoadImage', scale=4))
    loaded = loader(dict(img_path=str(path), height=40, width=60))
    assert loaded['img_shape'] == (10, 15)
    assert loaded['lr_scale'] == 4
    message = r'is 15x10 pixels \(4 times that is 60x40\), but its annotations are for 15x10'
    with pytest.raises(DataError, match=message):
        loader(dict(img_path=str(path), height=10, width=15))
    with pytest.raises(ConfigError, match='scale is 0; it must be a whole number from 1'):
        TRANSFORMS.build(dict(type='LoadImage', scale=0))


def test_a_bad_file_may_be_passed_over(tmp_path: Path) -> None:
    path = tmp_path / 'text.jpg'
    path.write_bytes(b'This is no image.')
    loader = TRANSFORMS.build(dict(type='LoadImage', ignore_empty=True))
    assert loader(dict(img_path=str(path))) is None


def test_grey_images_are_not_offered() -> None:
    with pytest.raises(ConfigError, match="color_type is 'grayscale'"):
        TRANSFORMS.build(dict(type='LoadImage', color_type='grayscale'))
