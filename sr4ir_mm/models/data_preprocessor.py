# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From a collated batch to HR images that the SR net's scale divides, or to LR images alone."""

from collections.abc import Mapping, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from mmengine.model import BaseDataPreprocessor
from torch import Tensor

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.by_size import map_by_size


def pad_image(image: Tensor, height: int, width: int, mode: str) -> Tensor:
    """Pad on the bottom and on the right.

    Args:
        image (Tensor): ``(N, C, H, W)``.
        height (int): Padded height, in pixels.
        width (int): Padded width, in pixels.
        mode (str): 'reflect', or 'replicate'; an image that is smaller than what has to be added is
            replicated in any case (as in the authors' code).

    Returns:
        Tensor: ``(N, C, height, width)``.
    """
    bottom, right = height - image.shape[2], width - image.shape[3]
    if not bottom and not right:
        return image
    if mode == 'reflect' and (bottom >= image.shape[2] or right >= image.shape[3]):
        mode = 'replicate'
    return F.pad(image, (0, right, 0, bottom), mode=mode)


@MODELS.register_module()
class SRDataPreprocessor(BaseDataPreprocessor):
    """Move a batch to the device, as RGB in [0, 1], padded to one size that the scale divides.

    It neither normalises nor augments: the task model's own preprocessor does that later, on
    whichever images (SR, HR, CQMix) the task model is given.

    Args:
        scale (int): H and W are padded to multiples of it. Defaults to 1.
        pad_mode (str): 'reflect' (the paper's detection) or 'replicate' (its segmentation).
            Defaults to 'reflect'.
        bgr_to_rgb (bool): Whether the pipeline gives BGR images, as OpenMMLab's loaders do.
            Defaults to True.
        non_blocking (bool): Copy to the device without waiting, from loaders that pin their memory.
            Defaults to True.
    """

    def __init__(
        self,
        scale: int = 1,
        pad_mode: str = 'reflect',
        bgr_to_rgb: bool = True,
        non_blocking: bool = True,
    ) -> None:
        super().__init__(non_blocking)
        if pad_mode not in ('reflect', 'replicate'):
            raise ConfigError(
                f"data_preprocessor.pad_mode is {pad_mode!r}: use 'reflect' or 'replicate'."
            )
        self.scale = scale
        self.pad_mode = pad_mode
        self.bgr_to_rgb = bgr_to_rgb

    def forward(self, data: dict, training: bool = False) -> dict:
        """Collate a batch.

        Args:
            data (dict): ``inputs``, a list of ``(3, H, W)`` HR images in [0, 255] or a dict of
                such lists with the keys ``hr``, ``lr`` or both; ``data_samples``, a list.
            training (bool): Unused; nothing here is random.

        Returns:
            dict: ``inputs``, a dict with the images that came, ``hr`` ``(N, 3, H, W)`` and ``lr``
            ``(N, 3, H / scale, W / scale)``, RGB in [0, 1], and ``sizes``, the (height, width) of
            each HR image before padding or, from LR images alone, of its SR image;
            ``data_samples`` as they came.

        Raises:
            DataError: There are neither HR nor LR images, an HR image is smaller than the scale,
                or a stored LR image does not fit.
        """
        if not isinstance(data, Mapping) or 'inputs' not in data:
            raise DataError(
                'A batch has no inputs: the pipeline of the data set must end with what packs '
                'them, such as PackDetInputs, PackSegInputs or PackInputs.'
            )
        data = self.cast_data(data)
        samples = data.get('data_samples')
        inputs = data['inputs'] if isinstance(data['inputs'], dict) else {'hr': data['inputs']}
        sizes = self._sizes(inputs, samples)
        height, width = (self._round_up(max(side)) for side in zip(*sizes, strict=True))
        batch: dict = {'sizes': sizes}
        if 'hr' in inputs:
            batch['hr'] = self._stack(inputs['hr'], height, width)
        if 'lr' in inputs:
            self._check_lr(inputs['lr'], sizes, samples)
            batch['lr'] = self._stack(inputs['lr'], height // self.scale, width // self.scale)
        return {'inputs': batch, 'data_samples': samples}

    def _sizes(self, inputs: dict, samples: object) -> list[tuple[int, int]]:
        """Give (height, width) of each HR image or, from LR images alone, of its SR image."""
        if not inputs.keys() & {'hr', 'lr'} or inputs.keys() - {'hr', 'lr'}:
            raise DataError(f"inputs has the keys {list(inputs)}: it needs 'hr', 'lr' or both.")
        if 'hr' not in inputs:
            return [
                (self.scale * image.shape[-2], self.scale * image.shape[-1])
                for image in inputs['lr']
            ]
        sizes = [(image.shape[-2], image.shape[-1]) for image in inputs['hr']]
        for index, size in enumerate(sizes):
            if min(size) < self.scale:
                raise DataError(
                    f'{_name(samples, index)} is {size[1]}x{size[0]} pixels, smaller than the '
                    f'scale {self.scale}: remove it from the data set or use a smaller scale.'
                )
        return sizes

    def _stack(self, images: Sequence[Tensor], height: int, width: int) -> Tensor:
        """Convert to RGB in [0, 1], pad and stack."""
        if len({image.shape for image in images}) == 1:
            return self._convert(torch.stack(list(images)), height, width)
        return torch.stack(map_by_size(partial(self._convert, height=height, width=width), images))

    def _convert(self, images: Tensor, height: int, width: int) -> Tensor:
        images = images.float().div(255)
        if self.bgr_to_rgb:
            images = images.flip(1)
        return pad_image(images, height, width, self.pad_mode)

    def _round_up(self, side: int) -> int:
        return -(-side // self.scale) * self.scale

    def _check_lr(self, lr: Sequence[Tensor], sizes: Sequence[tuple], samples: object) -> None:
        for index, (image, size) in enumerate(zip(lr, sizes, strict=True)):
            expected = tuple(self._round_up(side) // self.scale for side in size)
            if tuple(image.shape[-2:]) != expected:
                raise DataError(
                    f'The LR image of {_name(samples, index)} is {image.shape[-1]}x'
                    f'{image.shape[-2]} pixels, not {expected[1]}x{expected[0]}: with the scale '
                    f'{self.scale}, an HR image of {size[1]}x{size[0]} needs that size.'
                )


def _name(samples: object, index: int) -> str:
    """Call an image by its file where the data samples know it."""
    sample = samples[index] if isinstance(samples, Sequence) else None
    return str(getattr(sample, 'img_path', f'image {index} of the batch'))
