# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Peak signal-to-noise ratio."""

import math

from torch import Tensor

from sr4ir_mm.registry import METRICS

from .image_metric import ImageMetric


@METRICS.register_module()
class PSNR(ImageMetric):
    """PSNR in dB, of the three RGB channels jointly.

    ``10 * log10(255**2 / MSE)`` for each image, then the mean over images; images with MSE 0 are
    left out. Higher is better.

    Args:
        crop_border (int): Pixels left out at each side. Defaults to 8, as in the paper's tables.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    skipped = math.inf

    def score(self, sr: Tensor, hr: Tensor) -> float:
        """Compare two images; see :class:`ImageMetric`."""
        mse = (sr - hr).square().mean().item()
        if mse == 0:
            return math.inf
        return 10 * math.log10(255**2 / mse)
