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


def test_16_bits_of_other_forms_become_8() -> None:
    size = f'{GREY.shape[1]} {GREY.shape[0]}'.encode()
    deep = (GREY.astype('>u2') * 257).tobytes()
    assert decode_image(b'P5 ' + size + b' 65535 ' + deep, 'a')[..., 0].tolist() == GREY.tolist()
    deep = (PIXELS.astype('>u2') * 257).tobytes()
    colour = decode_image(b'P6 ' + size + b' 65535 ' + deep, 'a')
    np.testing.assert_array_equal(colour, PIXELS[..., ::-1])


# How a picture lies whose camera noted 1 to 8: what must be done to see it upright.
UPRIGHT = [
    lambda p: p,
    lambda p: p[:, ::-1],
    lambda p: p[::-1, ::-1],
    lambda p: p[::-1],
    lambda p: p.swapaxes(0, 1),
    lambda p: np.rot90(p, -1),
    lambda p: p[::-1, ::-1].swapaxes(0, 1),
    lambda p: np.rot90(p),
]


@pytest.mark.parametrize('orientation', range(1, 9))
def test_the_orientation_that_a_camera_noted_is_obeyed(orientation: int) -> None:
    image = Image.fromarray(PIXELS)
    exif = image.getexif()
    exif[0x0112] = orientation
    turned = decode_image(encode(image, exif=exif), 'a')
    np.testing.assert_array_equal(turned, UPRIGHT[orientation - 1](PIXELS)[..., ::-1])


def test_cmyk_and_ycck_are_colour() -> None:
    ramp = np.stack(np.broadcast_arrays(*np.ogrid[0:240:10, 0:240:10], 90), -1).astype(np.uint8)
    cmyk = Image.fromarray(ramp).convert('CMYK')
    assert np.abs(decode_image(encode(cmyk, 'JPEG'), 'a')[..., ::-1] - 1.0 * ramp).max() < 12
    # The same four channels, the first three as luminance and chrominance, as the header says.
    planes = np.asarray(Image.fromarray(ramp).convert('YCbCr'))
    content = encode(Image.fromarray(np.dstack([planes, 0 * ramp[..., 0]]), 'CMYK'), 'JPEG')
    marker = content.index(b'Adobe') + 11
    ycck = content[:marker] + bytes([2]) + content[marker + 1 :]
    assert np.abs(decode_image(ycck, 'a')[..., ::-1] - 1.0 * ramp).max() < 12


FRAMES = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]


def animated(form: str) -> bytes:
    return encode(FRAMES[0], form, save_all=True, append_images=FRAMES[1:])


REFUSED = {
    'floats': (encode(Image.fromarray(GREY.astype(np.float32)), 'TIFF'), 'floating-point'),
    '32 bits': (encode(Image.fromarray(GREY.astype(np.int32)), 'TIFF'), 'numbers of 32 bits'),
    '8 of 16 bits': (encode(Image.fromarray(GREY.astype(np.uint16))), 'of which it uses 8'),
    'gif': (animated('GIF'), 'has 2 frames'),
    'tiff': (animated('TIFF'), 'has 2 frames'),
    'png': (animated('PNG'), 'has 2 frames'),
    'webp': (animated('WEBP'), 'has 2 frames'),
    'cut png': (encode(Image.fromarray(PIXELS))[:60], 'cannot be read'),
    'cut jpeg': (encode(Image.fromarray(PIXELS), 'JPEG')[:-20], 'cannot be read .*truncated'),
    'text': (b'<html>', 'not a picture'),
    'nothing': (b'', 'not a picture'),
    'postscript': (encode(Image.fromarray(PIXELS), 'EPS'), 'a program that draws'),
}


@pytest.mark.parametrize('case', REFUSED)
def test_what_cannot_be_meant_is_refused_by_name(case: str) -> None:
    content, message = REFUSED[case]
    with pytest.raises(DataError, match=rf'photo\.png.*{message}'):
        decode_image(content, 'photo.png')


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 20)
    with pytest.raises(DataError, match=r'bomb\.png cannot be read .*pixels.*smaller'):
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
