# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Image loading that names the file when it fails."""

from typing import Any

import cv2
from mmcv.transforms import LoadImageFromFile

from sr4ir_mm.errors import DataError
from sr4ir_mm.registry import TRANSFORMS


@TRANSFORMS.register_module()
class LoadImage(LoadImageFromFile):
    """MMCV's loader with Pillow's decoder, which the paper's figures come from.

    Pillow also refuses a truncated file, where OpenCV fills the rest with grey.

    Raises:
        DataError: The file is missing or broken; the message names it.
    """

    def __init__(self, imdecode_backend: str = 'pillow', **kwargs: Any) -> None:
        super().__init__(imdecode_backend=imdecode_backend, **kwargs)

    def transform(self, results: dict) -> dict | None:
        """Load ``img``, ``(H, W, 3)`` BGR in [0, 255], from ``img_path``."""
        path = results['img_path']
        try:
            return super().transform(results)
        except FileNotFoundError as error:
            raise DataError(
                f'Image {path} is missing: check data_root and data_prefix of the data set.'
            ) from error
        except (OSError, SyntaxError, AssertionError, cv2.error) as error:  # what decoders raise
            raise DataError(
                f'Image {path} cannot be read ({error}): replace the file or remove it from the '
                'annotations.'
            ) from error
