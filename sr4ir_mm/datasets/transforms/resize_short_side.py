# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Resize as torchvision does, which the paper's figures come from."""

from typing import Any

from mmcv.transforms import Resize

from sr4ir_mm.registry import TRANSFORMS


@TRANSFORMS.register_module()
class ResizeShortSide(Resize):
    """Resize image, label map and boxes so that the short side is exactly ``size``.

    The long side is rounded down, where MMCV's ``keep_ratio`` rounds to the nearest pixel. Pillow
    resizes the image bilinearly, with antialiasing, and the label map by nearest neighbours.

    Args:
        size (int): The short side, in pixels.
        **kwargs: Of :class:`mmcv.transforms.Resize`, such as ``interpolation``.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(scale=size, keep_ratio=False, **{'backend': 'pillow', **kwargs})
        self.size = size

    def transform(self, results: dict) -> dict:
        """Resize ``img`` ``(H, W, 3)``, ``gt_seg_map`` ``(H, W)``, ``gt_bboxes`` ``(N, 4)``."""
        height, width = results['img'].shape[:2]
        long_side = int(self.size * max(height, width) / min(height, width))
        # width, height, as MMCV has it
        self.scale = (self.size, long_side) if width <= height else (long_side, self.size)
        return super().transform(results)
