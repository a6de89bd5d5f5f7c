# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Stored LR images beside HR images in a task library's own pipeline."""

import os.path as osp

import mmcv
import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmengine import fileio

from sr4ir_mm.errors import DataError
from sr4ir_mm.registry import TRANSFORMS

from ..decode_image import decode_image


@TRANSFORMS.register_module()
class PackWithLR(BaseTransform):
    """Pack as the library does and add the LR image that is stored for the HR image.

    The pipeline may flip; it may neither resize nor crop, for the LR file is of the whole image
    (the size check in the data preprocessor refuses such a pair).

    Args:
        pack (dict): The library's own packing transform, such as
            ``dict(type='mmdet.PackDetInputs')``.
        lr_root (str): Folder of the LR images, which bear the HR images' file names.
        suffix (str, optional): Their suffix, such as '.png', where it differs. Defaults to None.
    """

    def __init__(self, pack: dict, lr_root: str, suffix: str | None = None) -> None:
        self.pack = TRANSFORMS.build(pack)
        self.lr_root = lr_root
        self.suffix = suffix

    def transform(self, results: dict) -> dict:
        """Pack; ``inputs`` becomes a dict of ``hr`` and ``lr``, each ``(3, H, W)`` as loaded."""
        stem, suffix = osp.splitext(osp.basename(results['img_path']))
        path = osp.join(self.lr_root, stem + (self.suffix or suffix))
        name = f'LR image {path} of {results["img_path"]}'
        try:
            lr = decode_image(fileio.get(path), name)
        except OSError as error:
            raise DataError(
                f'{name} is missing or cannot be opened ({error.strerror or error}): check lr_root '
                'and suffix of PackWithLR.'
            ) from error
        if results.get('flip'):
            lr = mmcv.imflip(lr, direction=results['flip_direction'])
        packed = self.pack(results)
        stored = torch.from_numpy(np.ascontiguousarray(lr.transpose(2, 0, 1)))
        packed['inputs'] = {'hr': packed['inputs'], 'lr': stored}
        return packed
