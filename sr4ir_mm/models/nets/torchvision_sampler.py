# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How many anchors the paper's detector trains on (as torchvision)."""

from typing import Any

from mmdet.models.task_modules import SamplingResult
from mmdet.models.task_modules.samplers import RandomSampler

from sr4ir_mm.registry import TASK_UTILS


@TASK_UTILS.register_module()
class TorchvisionSampler(RandomSampler):
    """mmdet's sampler, which counts what it has sampled; arguments are mmdet's.

    mmdet counts a positive anchor even in an image that has none.
    """

    def sample(self, *args: Any, **kwargs: Any) -> SamplingResult:
        """Sample; arguments are mmdet's."""
        result = super().sample(*args, **kwargs)
        result.avg_factor = result.pos_inds.numel() + result.neg_inds.numel()
        return result
