# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Image metrics for a stock loop, beside the libraries' own task metrics."""

from .dump_predictions import DumpPredictions
from .image_metric import ImageMetric
from .lpips import LPIPS
from .psnr import PSNR
from .ssim import SSIM

__all__ = ['LPIPS', 'PSNR', 'SSIM', 'DumpPredictions', 'ImageMetric']
