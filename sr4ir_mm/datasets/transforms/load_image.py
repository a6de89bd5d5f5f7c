# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Image loading that names the file when it fails."""

from typing import Any

import cv2
import numpy as np
from mmcv.transforms import LoadImageFromFile
from mmengine import fileio

from sr4ir_mm.errors import DataError
from sr4ir_mm.registry import TRANSFORMS

from ..decode_image import decode_image


@TRANSFORMS.register_module()
class LoadImage(LoadImageFromFile):
    """MMCV's loader with Pillow's decoder, which the paper's figures come from.

    Pillow also refuses a truncated file, where OpenCV fills the rest with grey. What is no 8-bit
    colour picture is converted or refused, see :func:`decode_image`.

    Raises:
        DataError: The file is missing or broken; the message names it.
    """

    def __init__(self, imdecode_backend: str = 'pillow', **kwargs: Any) -> None:
        super().__init__(imdecode_backend=imdecode_backend, **kwargs)

    def transform(self, results: dict) -> dict | None:
        """Load ``img``, ``(H, W, 3)`` BGR in [0, 255], from ``img_path``."""
        path = results['img_path']
        try:
            if self.imdecode_backend != 'pillow':
                return super().transform(results)
            image = decode_image(fileio.get(path, backend_args=self.backend_args), f'Image {path}')
        except FileNotFoundError as error:
            raise DataError(
                f'Image {path} is missing: check data_root and data_prefix of the data set.'
            ) from error
        except (OSError, SyntaxError, AssertionError, cv2.error) as error:  # what decoders raise
            raise DataError(
                f'Image {path} cannot be read ({error}): replace the file or remove it from the '
                'annotations.'
            ) from error
        shape = dict(img_shape=image.shape[:2], ori_shape=image.shape[:2])
        return results | dict(img=image.astype(np.float32) if self.to_float32 else image, **shape)
