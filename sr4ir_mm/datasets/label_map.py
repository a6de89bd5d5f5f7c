# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Label maps: pictures whose pixels are class numbers."""

import numpy as np

from sr4ir_mm.errors import DataError

from .decode_image import opened


def check_map(path: str, size: tuple[int, int], segments: bool = False) -> None:
    """Check by its header that a picture is a label map, and for its image.

    Args:
        path (str): The file.
        size (tuple[int, int]): Height and width of its image, in pixels.
        segments (bool): Its pixels are numbers of segments, which COCO's panoptic form stores as
            colours. Defaults to False.

    Raises:
        DataError: It is in colour, or of another size.
    """
    with opened(path, f'Label map {path}') as label_map:
        bands, (width, height) = label_map.getbands(), label_map.size
    if len(bands) > 1 and not segments:
        raise DataError(
            f'Label map {path} is a colour picture ({"".join(bands)}): each pixel must be the '
            'number of a class, as in a picture in grey or with a palette.'
        )
    if (height, width) != size:
        raise DataError(
            f'Label map {path} is {width}x{height} pixels, but its image is {size[1]}x{size[0]}: '
            'they must be of one size.'
        )


def read_labels(path: str) -> np.ndarray:
    """Read the labels in a map, as they are in the file.

    Args:
        path (str): The file.

    Returns:
        np.ndarray: The different ones, sorted.

    Raises:
        DataError: It is broken.
    """
    with opened(path, f'Label map {path}') as label_map:
        return np.unique(np.asarray(label_map))
