# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR images alone in a task library's own pipeline."""

from mmcv.transforms import BaseTransform

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TRANSFORMS

ANNOTATIONS = ('instances', 'seg_map_path')
"""Where data sets keep what is in pixels."""


@TRANSFORMS.register_module()
class PackLR(BaseTransform):
    """Pack as the library does, and say that the image is the LR image.

    Annotations, if there are any, are in pixels of the SR image, as predictions are: those of an HR
    image, say, that is not there. ``LoadImage`` is told the scale then, and compares sizes.

    Args:
        pack (dict): The library's own packing transform, such as
            ``dict(type='mmdet.PackDetInputs')``.
    """

    def __init__(self, pack: dict) -> None:
        self.pack = TRANSFORMS.build(pack)

    def transform(self, results: dict) -> dict:
        """Pack; ``inputs`` becomes ``dict(lr=...)``, ``(3, h, w)`` as loaded.

        Raises:
            ConfigError: There are annotations, and nobody said in pixels of what.
        """
        if 'lr_scale' not in results and any(results.get(key) for key in ANNOTATIONS):
            raise ConfigError(
                'PackLR: annotations must be in pixels of the SR image. Begin the pipeline with '
                "dict(type='sr4ir_mm.LoadImage', scale=N), N the model's scale, which checks it."
            )
        packed = self.pack(results)
        packed['inputs'] = {'lr': packed['inputs']}
        return packed
