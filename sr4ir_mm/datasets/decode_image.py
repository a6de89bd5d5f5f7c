# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures of any kind as 8-bit colour; what cannot become such is refused by name."""

from io import BytesIO

import numpy as np
from mmengine.logging import print_log
from PIL import Image, ImageOps, UnidentifiedImageError

from sr4ir_mm.errors import DataError

SIXTEEN_BITS = ('I;16', 'I;16L', 'I;16B', 'I;16N')
_SAID: set[str] = set()


def decode_image(content: bytes, name: str) -> np.ndarray:
    """Decode a picture as the paper does, with Pillow.

    Grey, palette and CMYK pictures become colour, alpha is dropped and 16 bits become 8, which is
    said once; the orientation that a camera noted (EXIF) is obeyed.

    Args:
        content (bytes): The file.
        name (str): What it is called, for messages.

    Returns:
        np.ndarray: ``(H, W, 3)``, BGR, in 0..255.

    Raises:
        DataError: It is no picture, broken, animated, of floats, or too large to be one.
    """
    try:
        with Image.open(BytesIO(content)) as image:
            # Cameras keep further views beside a photograph (MPO); the first one is meant.
            frames = getattr(image, 'n_frames', 1)
            if frames > 1 and image.format != 'MPO':
                raise DataError(f'{name} has {frames} frames: save the one that is meant.')
            return _to_bgr(ImageOps.exif_transpose(image), name)
    except UnidentifiedImageError:
        raise DataError(f'{name} cannot be read: it is not a picture.') from None
    except DataError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f'{name} cannot be read ({error}): replace the file.') from error


def _to_bgr(image: Image.Image, name: str) -> np.ndarray:
    if image.mode == 'F':
        raise DataError(f'{name} holds floating-point numbers: save it with 8 bits.')
    if image.mode in SIXTEEN_BITS or image.mode == 'I':
        values = np.asarray(image).astype(np.int64)
        if values.min() < 0 or values.max() > 65535:
            raise DataError(f'{name} holds numbers outside 0..65535: save it with 8 bits.')
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
