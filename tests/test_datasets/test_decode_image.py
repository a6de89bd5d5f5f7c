# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures of every kind become 8-bit colour, or are refused by name."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from sr4ir_mm.datasets import decode_image as module
from sr4ir_mm.datasets.decode_image import decode_image
from sr4ir_mm.errors import DataError

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 9, 3), dtype=np.uint8)
GREY = PIXELS[..., 0]


def encode(image: Image.Image, form: str = 'PNG', **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def test_colour_grey_palette_and_alpha() -> None:
    colour = Image.fromarray(PIXELS)
    np.testing.assert_array_equal(decode_image(encode(colour), 'a'), PIXELS[..., ::-1])
    grey = decode_image(encode(Image.fromarray(GREY)), 'a')
    np.testing.assert_array_equal(grey, np.repeat(GREY[..., None], 3, 2))
    palette = colour.convert('P')
    expected = np.asarray(palette.convert('RGB'))[..., ::-1]
    np.testing.assert_array_equal(decode_image(encode(palette), 'a'), expected)
    alpha = Image.fromarray(np.dstack([PIXELS, np.full_like(GREY, 255)]))
    np.testing.assert_array_equal(decode_image(encode(alpha), 'a'), PIXELS[..., ::-1])


def test_16_bits_become_8() -> None:
    deep = Image.fromarray(GREY.astype(np.uint16) * 257)
    assert decode_image(encode(deep), 'a')[..., 1].tolist() == GREY.tolist()
    deep = Image.fromarray(np.array([[0, 128, 129, 65535]], np.uint16))
    assert decode_image(encode(deep), 'a')[0, :, 0].tolist() == [0, 0, 1, 255]


def test_the_orientation_that_a_camera_noted_is_obeyed() -> None:
    image = Image.fromarray(PIXELS)
    exif = image.getexif()
    exif[0x0112] = 6  # the top is at the right
    turned = decode_image(encode(image, exif=exif), 'a')
    np.testing.assert_array_equal(turned, np.rot90(PIXELS, -1)[..., ::-1])


def test_what_cannot_be_meant_is_refused_by_name() -> None:
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    cases = [
        (encode(Image.fromarray(GREY.astype(np.float32)), 'TIFF'), 'floating-point'),
        (encode(frames[0], 'GIF', save_all=True, append_images=frames[1:]), 'has 2 frames'),
        (encode(Image.fromarray(PIXELS))[:60], 'cannot be read'),
        (b'<html>', 'not a picture'),
        (encode(Image.fromarray(np.full((2, 2), 70000, np.int32)), 'TIFF'), r'0\.\.65535'),
    ]
    for content, message in cases:
        with pytest.raises(DataError, match=rf'photo\.png.*{message}'):
            decode_image(content, 'photo.png')


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 20)
    with pytest.raises(DataError, match=r'bomb\.png cannot be read .*pixels'):
        decode_image(encode(Image.fromarray(PIXELS)), 'bomb.png')


def test_a_conversion_is_said_once(capsys: pytest.CaptureFixture) -> None:
    module._SAID.clear()
    content = encode(Image.fromarray(np.dstack([GREY, GREY])))
    for name in ('first.png', 'second.png'):
        decode_image(content, name)
        decode_image(encode(Image.fromarray(PIXELS)), 'colour.png')
    printed = ''.join(capsys.readouterr())
    assert printed.count('first.png: alpha is dropped (said once)') == 1
    assert printed.count('first.png: grey becomes colour (said once)') == 1
    assert 'second.png' not in printed
    assert 'colour.png' not in printed
