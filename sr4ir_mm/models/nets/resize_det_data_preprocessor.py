# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The resize inside the paper's detector, after super-resolution (torchvision's)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmdet.models.data_preprocessors import DetDataPreprocessor
from mmdet.structures import DetDataSample
from mmdet.structures.bbox import get_box_tensor

from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.by_size import map_by_size

from .bilinear_resize import resize


@MODELS.register_module()
class ResizeDetDataPreprocessor(DetDataPreprocessor):
    """mmdet's preprocessor, which also resizes, between normalising and padding.

    Differentiable, bilinear, corners not aligned, without antialiasing. Boxes of the data samples
    follow, by the true ratio of new and old sides, and ``scale_factor`` brings detections back.

    Args:
        mean (Sequence[float]): Of the channels as they are given to the net, in [0, 255].
        std (Sequence[float]): As ``mean``.
        min_size (int): Of the short side, pixels. Defaults to 800.
        max_size (int): Of the long side at most, pixels. Defaults to 1333.
        bgr_to_rgb (bool): Whether to swap channels. Defaults to True.
        **kwargs: Of mmdet's ``DetDataPreprocessor``.
    """

    def __init__(
        self,
        mean: Sequence[float],
        std: Sequence[float],
        min_size: int = 800,
        max_size: int = 1333,
        bgr_to_rgb: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        for name, values in (('mean', mean), ('std', std)):
            tensor = torch.tensor([value / 255 for value in values]).view(-1, 1, 1)
            self.register_buffer(name, tensor, persistent=False)
        self.min_size = min_size
        self.max_size = max_size
        self.bgr_to_rgb = bgr_to_rgb

    def forward(self, data: dict, training: bool = False) -> dict:
        """Normalise, resize and pad.

        Args:
            data (dict): ``inputs``, images ``(3, H, W)`` in [0, 255] or a batch of one size, and
                ``data_samples``, which may be None; the samples are written to, not their tensors.
            training (bool): Whether to augment. Defaults to False.

        Returns:
            dict: ``inputs``, ``(N, 3, H', W')``, and ``data_samples``.
        """
        data = self.cast_data(data)
        inputs = data['inputs']
        for image, sample in zip(inputs, data.get('data_samples') or [], strict=False):
            old, new = image.shape[-2:], self.new_size(*image.shape[-2:])
            self._resize_sample(sample, new, (new[1] / old[1], new[0] / old[0]))
        if isinstance(inputs, torch.Tensor):
            inputs = self._resize(inputs)
        else:
            inputs = map_by_size(self._resize, inputs)
        return super().forward({**data, 'inputs': inputs}, training)

    def _resize(self, images: torch.Tensor) -> torch.Tensor:
        """Normalise and resize ``(N, 3, H, W)``."""
        # In [0, 1], as in the authors' code, so that even the rounding is the same.
        images = (images.flip(1) if self.bgr_to_rgb else images).float() / 255
        images = (images - self.mean) / self.std
        return resize(images, self.new_size(*images.shape[-2:]))

    def new_size(self, height: int, width: int) -> tuple[int, int]:
        """Compute an image's new size as the authors' code does: in single precision, rounded down.

        So 375 x 500 becomes 799 x 1066. Later versions of torchvision compute in double precision.

        Args:
            height (int): Pixels.
            width (int): Pixels.

        Returns:
            tuple[int, int]: The new height and width.
        """
        # By NumPy, for an exporter knows no values of tensors.
        sides = np.array([height, width], np.float32)
        # A number over a tensor is computed as the number times the reciprocal.
        small, large = np.float32(1) / sides.min(), np.float32(1) / sides.max()
        scale = min(small * np.float32(self.min_size), large * np.float32(self.max_size))
        new_height, new_width = (sides * scale).astype(int).tolist()
        return new_height, new_width

    @staticmethod
    def _resize_sample(
        sample: DetDataSample, size: tuple[int, int], factor: tuple[float, float]
    ) -> None:
        before = sample.metainfo.get('scale_factor', (1.0, 1.0))
        sample.set_metainfo(
            {
                'img_shape': size,
                'scale_factor': (before[0] * factor[0], before[1] * factor[1]),
            }
        )
        for name in ('gt_instances', 'ignored_instances', 'proposals'):
            if name in sample:
                instances = getattr(sample, name)
                boxes = get_box_tensor(instances.bboxes)
                instances.bboxes = boxes * boxes.new_tensor(factor * 2)
