# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Image loading that names the file when it fails."""

from typing import Any

import cv2
import numpy as np
from mmcv.transforms import LoadImageFromFile
from mmengine import fileio

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.registry import TRANSFORMS
from sr4ir_mm.utils.files import missing_file

from ..decode_image import decode_image


@TRANSFORMS.register_module()
class LoadImage(LoadImageFromFile):
    """MMCV's loader with Pillow's decoder, which the paper's figures come from.

    Pillow also refuses a truncated file, where OpenCV fills the rest with grey. What is no 8-bit
    colour picture is converted or refused, see :func:`decode_image`. So is a picture of another
    size than its annotations say: they would not be where they belong.

    Args:
        imdecode_backend (str): Another decoder of MMCV's takes what it takes. Defaults to 'pillow'.
        scale (int, optional): For LR images alone (:class:`PackLR`): annotations are in pixels of
            an image with so many times their sides, the SR image. Defaults to None: in their own.
        **kwargs: Of :class:`mmcv.transforms.LoadImageFromFile`, such as ``to_float32``.

    Raises:
        ConfigError: ``color_type`` is not 'color', which all nets here expect, or ``scale`` is no
            whole number of at least 1.
        DataError: The file is missing, broken or of another size; the message names it.
    """

    def __init__(
        self, imdecode_backend: str = 'pillow', scale: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(imdecode_backend=imdecode_backend, **kwargs)
        if scale is not None and (not isinstance(scale, int) or scale < 1):
            raise ConfigError(f'LoadImage: scale is {scale!r}; it must be a whole number from 1.')
        self.scale = scale
        if self.color_type != 'color':
            raise ConfigError(f"LoadImage: color_type is {self.color_type!r}; it must be 'color'.")

    def transform(self, results: dict) -> dict | None:
        """Load ``img``, ``(H, W, 3)`` BGR in [0, 255], from ``img_path``.

        Returns:
            dict | None: The results; None of a bad file with ``ignore_empty``, for which the data
                set takes another.
        """
        try:
            loaded = self._load(results)
            if loaded is not None:
                check_size(results['img_path'], loaded['img_shape'], results, self.scale or 1)
                if self.scale is not None:
                    loaded['lr_scale'] = self.scale
            return loaded
        except DataError:
            if self.ignore_empty:
                return None
            raise

    def _load(self, results: dict) -> dict | None:
        path = results['img_path']
        try:
            if self.imdecode_backend != 'pillow':
                return super().transform(results)
            image = decode_image(fileio.get(path, backend_args=self.backend_args), f'Image {path}')
        except FileNotFoundError as error:
            raise DataError(f'Image {missing_file(path)}') from error
        except (OSError, SyntaxError, AssertionError, cv2.error) as error:  # what decoders raise
            raise DataError(
                f'Image {path} cannot be read ({error}): replace the file or remove it from the '
                'annotations.'
            ) from error
        shape = dict(img_shape=image.shape[:2], ori_shape=image.shape[:2])
        return results | dict(img=image.astype(np.float32) if self.to_float32 else image, **shape)


def check_size(path: str, shape: tuple[int, ...], info: dict, scale: int = 1) -> None:
    """Compare an image with what its annotations say of it, if they do.

    Args:
        path (str): The image's, for the message.
        shape (tuple[int, ...]): Its height and width, in pixels, turned as its camera noted.
        info (dict): Of the data set, with ``height`` and ``width`` where the annotations have them.
        scale (int): So many times its sides are annotated. Defaults to 1.

    Raises:
        DataError: They differ.
    """
    said = info.get('height'), info.get('width')
    height, width = (scale * side for side in shape)
    if None not in said and said != (height, width):
        turned = ', turned on its side' if said == (width, height) else ''
        times = '' if scale == 1 else f' ({scale} times that is {width}x{height})'
        raise DataError(
            f'Image {path} is {shape[1]}x{shape[0]} pixels{times}, but its annotations are for '
            f'{said[1]}x{said[0]}{turned}: put the image there that was annotated, or correct '
            'width, height and the boxes. Of LR images alone LoadImage is told the scale.'
        )
