# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Structural similarity."""

import torch
import torch.nn.functional as F
from torch import Tensor

from sr4ir_mm.registry import METRICS

from .image_metric import ImageMetric

WINDOW = 11
SIGMA = 1.5
C1 = (0.01 * 255) ** 2
C2 = (0.03 * 255) ** 2


@METRICS.register_module()
class SSIM(ImageMetric):
    """SSIM of Wang et al. (2004): Gaussian window of 11 x 11 with sigma 1.5, K = (0.01, 0.03).

    The mean over channels and over all window positions inside the image, then over images.
    Higher is better, 1 is equality. The paper gives no SSIM.

    Args:
        crop_border (int): Pixels left out at each side. Defaults to 8.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    min_size = WINDOW

    def score(self, sr: Tensor, hr: Tensor) -> float:
        """Compare two images; see :class:`ImageMetric`."""
        sr, hr = sr.double(), hr.double()  # variances are small differences of large numbers
        means = _blur(torch.stack([sr, hr, sr * sr, hr * hr, sr * hr]))
        mean_sr, mean_hr = means[:2]
        var_sr = means[2] - mean_sr**2
        var_hr = means[3] - mean_hr**2
        covariance = means[4] - mean_sr * mean_hr
        luminance = (2 * mean_sr * mean_hr + C1) / (mean_sr**2 + mean_hr**2 + C1)
        structure = (2 * covariance + C2) / (var_sr + var_hr + C2)
        return (luminance * structure).mean().item()


def _blur(maps: Tensor) -> Tensor:
    """Filter with the window, rows then columns: ``(K, 3, H, W)`` to ``(K, 3, H-10, W-10)``."""
    offsets = torch.arange(WINDOW, dtype=maps.dtype, device=maps.device) - WINDOW // 2
    window = torch.exp(-(offsets**2) / (2 * SIGMA**2))
    window = (window / window.sum()).view(1, 1, 1, WINDOW)
    planes = maps.flatten(0, 1).unsqueeze(1)
    planes = F.conv2d(F.conv2d(planes, window), window.transpose(2, 3))
    return planes.view(*maps.shape[:2], *planes.shape[-2:])
