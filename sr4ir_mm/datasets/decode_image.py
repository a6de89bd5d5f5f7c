# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures of any kind as 8-bit colour; what cannot become such is refused by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from mmengine.logging import print_log
from PIL import Image, ImageOps, UnidentifiedImageError

from sr4ir_mm.errors import DataError

SIXTEEN_BITS = ('I;16', 'I;16L', 'I;16B', 'I;16N')
# Pillow keeps their 16 bits in 32; elsewhere 32 bits say nothing of what is white.
SIXTEEN_BITS_IN_32 = ('PNG', 'PPM')
# To draw these, Pillow calls other programs, such as Ghostscript.
PROGRAMS = ('EPS', 'WMF')
ORIENTATION = 0x0112  # of EXIF
_SAID: set[str] = set()


def decode_image(content: bytes, name: str) -> np.ndarray:
    """Decode a picture as the paper does, with Pillow.

    Grey, palette and CMYK pictures become colour, alpha is dropped and 16 bits become 8 (white is
    65535), which is said once; the orientation that a camera noted (EXIF) is obeyed.

    Args:
        content (bytes): The file.
        name (str): What it is called, for messages.

    Returns:
        np.ndarray: ``(H, W, 3)``, BGR, in 0..255.

    Raises:
        DataError: It is no picture, broken, animated, of numbers whose white is unknown, or too
            large to be one.
    """
    with opened(BytesIO(content), name) as image:
        _check_header(image, name)
        return _to_bgr(ImageOps.exif_transpose(image), name)


def read_size(path: str, name: str) -> tuple[int, int]:
    """Read (height, width) off a picture's header, turned as its camera noted.

    Args:
        path (str): The file.
        name (str): What it is called, for messages.

    Raises:
        DataError: The header says that :func:`decode_image` will refuse it.
    """
    with opened(path, name) as image:
        _check_header(image, name)
        turned = image.getexif().get(ORIENTATION, 1) > 4
        return image.size if turned else image.size[::-1]


@contextmanager
def opened(file: str | BytesIO, name: str) -> Iterator[Image.Image]:
    """Open a picture, and name it in what Pillow raises, here or where it is used.

    Args:
        file (str | BytesIO): A path, or the content.
        name (str): What it is called, for messages.

    Raises:
        DataError: It is no picture, broken, or too large to be one.
    """
    try:
        with Image.open(file) as image:
            yield image
    except UnidentifiedImageError:
        raise DataError(
            f'{name} cannot be read: it is not a picture, or of a kind that Pillow does not read, '
            'as floating-point numbers in colour: save it as a PNG.'
        ) from None
    except Image.DecompressionBombError as error:
        raise DataError(f'{name} cannot be read ({error}): cut it into smaller ones.') from error
    except DataError:
        raise
    except (OSError, SyntaxError, ValueError, MemoryError) as error:
        raise DataError(f'{name} cannot be read ({error}): replace the file.') from error


def _check_header(image: Image.Image, name: str) -> None:
    """Refuse a picture that cannot become 8-bit colour."""
    frames = getattr(image, 'n_frames', 1)
    # Cameras keep further views beside a photograph (MPO); the first one is meant.
    if frames > 1 and image.format != 'MPO':
        raise DataError(f'{name} has {frames} frames: save the one that is meant.')
    if image.format in PROGRAMS:
        raise DataError(f'{name} is a program that draws a picture: save it as a PNG.')
    if image.mode == 'F':
        raise DataError(f'{name} holds floating-point numbers: save it with 8 bits.')
    if image.mode == 'I' and image.format not in SIXTEEN_BITS_IN_32:
        raise DataError(f'{name} holds numbers of 32 bits: save it with 8 bits.')


def _to_bgr(image: Image.Image, name: str) -> np.ndarray:
    if image.mode in SIXTEEN_BITS or image.mode == 'I':
        values = np.asarray(image).astype(np.int64)
        if 0 < values.max() < 256:
            raise DataError(
                f'{name} has 16 bits, of which it uses 8, and would be black: save it with 8 bits.'
            )
        image = Image.fromarray(((values + 128) // 257).astype(np.uint8))
        say_once('16 bits become 8', name)
    if 'A' in image.getbands() or 'transparency' in image.info:
        say_once('alpha is dropped', name)
    if image.mode in ('1', 'L', 'LA'):
        say_once('grey becomes colour', name)
    return np.ascontiguousarray(np.asarray(image.convert('RGB'))[..., ::-1])


def say_once(what: str, name: str) -> None:
    """Tell of a conversion at the first picture that needs it.

    Args:
        what (str): What is done.
        name (str): What the picture is called.
    """
    if what not in _SAID:
        _SAID.add(what)
        print_log(f'{name}: {what} (said once).', logger='current')
