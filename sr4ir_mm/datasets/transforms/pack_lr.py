# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR images alone in a task library's own pipeline."""

from mmcv.transforms import BaseTransform

from sr4ir_mm.registry import TRANSFORMS


@TRANSFORMS.register_module()
class PackLR(BaseTransform):
    """Pack as the library does, and say that the image is the LR image.

    Annotations, if there are any, are in pixels of the SR image: of the LR image times the scale.

    Args:
        pack (dict): The library's own packing transform, such as
            ``dict(type='mmdet.PackDetInputs')``.
    """

    def __init__(self, pack: dict) -> None:
        self.pack = TRANSFORMS.build(pack)

    def transform(self, results: dict) -> dict:
        """Pack; ``inputs`` becomes ``dict(lr=...)``, ``(3, h, w)`` as loaded."""
        packed = self.pack(results)
        packed['inputs'] = {'lr': packed['inputs']}
        return packed
