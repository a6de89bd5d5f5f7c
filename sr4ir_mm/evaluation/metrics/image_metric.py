# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What PSNR, SSIM and LPIPS share."""

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log
from torch import Tensor

from sr4ir_mm.errors import ConfigError, DataError


class ImageMetric(BaseMetric):
    """Mean over images of a score of each SR image against its HR image.

    As in the paper's tables, both images are rounded to 8 bits and lose a border before they are
    compared. Only one number per image is kept and collected from the processes.

    Args:
        crop_border (int): Pixels left out at each side. Defaults to 8.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = ''  # the key is the bare name, and MMEngine does not warn of a missing prefix
    min_size = 1
    """Least height and width, in pixels and without the border, that the metric is defined for."""
    skipped: float | None = None
    """Score of two equal images, if such images are left out of the mean."""

    def __init__(self, crop_border: int = 8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(crop_border, int) or crop_border < 0:
            raise ConfigError(f'{self.name}: crop_border is {crop_border!r}, not an integer >= 0.')
        self.crop_border = crop_border

    @property
    def name(self) -> str:
        """str: Key of the result."""
        return type(self).__name__

    @abstractmethod
    def score(self, sr: Tensor, hr: Tensor) -> float:
        """Compare two images.

        Args:
            sr (Tensor): ``(3, H, W)``, float32, RGB, whole numbers in 0..255, without border.
            hr (Tensor): Likewise.

        Returns:
            float: The score.
        """

    @torch.no_grad()
    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Score each image of a batch, and note the score in its data sample.

        So a dump of data samples, which has no images, can be evaluated again.

        Args:
            data_batch (Any): Unused.
            data_samples (Sequence[dict]): With ``sr`` and ``hr``, ``(3, H, W)``, float RGB,
                nominally in [0, 1], on any device; or with the score.

        Raises:
            DataError: Images are missing, too small, of different sizes, or not finite.
        """
        key = '/'.join(filter(None, (self.prefix, self.name)))
        new = [sample for sample in data_samples if 'sr' in sample or key not in sample]
        for sample, score in zip(new, self.compare(new), strict=True):
            sample[key] = score
        self.results.extend(sample[key] for sample in data_samples)

    def compare(self, samples: Sequence[dict]) -> list[float]:
        """Score each image; see :meth:`process`."""
        scores = self.scores([self._images(sample) for sample in samples])
        for sample, score in zip(samples, scores, strict=True):
            if math.isnan(score):
                raise DataError(
                    f'{self.name} of {_label(sample)} is NaN: its SR image is not finite.'
                )
        return scores

    def scores(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> list[float]:
        """Score pairs as :meth:`score` takes them, here one after the other."""
        return [self.score(*pair) for pair in pairs]

    def compute_metrics(self, results: list[float]) -> dict[str, float]:
        """Average the scores.

        Args:
            results (list[float]): One score per image.

        Returns:
            dict[str, float]: The metric's name and mean. If every image equals its HR image, the
                score of equal images: infinity for PSNR, 1 for SSIM, 0 for LPIPS.

        Raises:
            DataError: There are no images.
        """
        if not results:
            raise DataError(f'{self.name}: there was no image to evaluate.')
        kept = [score for score in results if score != self.skipped]
        if len(kept) < len(results):
            print_log(
                f'{self.name}: {len(results) - len(kept)} of {len(results)} images equal their HR '
                'images and are left out of the mean.',
                logger='current',
            )
        return {self.name: sum(kept) / len(kept) if kept else results[0]}

    def _images(self, sample: dict) -> tuple[Tensor, Tensor]:
        for key in ('sr', 'hr'):
            if key not in sample:
                raise DataError(
                    f'{self.name} compares SR with HR images, but there is no {key!r} image of '
                    f'{_label(sample)}: leave {self.name} out where LR images come alone.'
                )
        sr, hr = sample['sr'], sample['hr']
        if sr.shape != hr.shape:
            raise DataError(
                f'{self.name}: SR and HR images of {_label(sample)} differ in shape: '
                f'{tuple(sr.shape)} and {tuple(hr.shape)}.'
            )
        border = self.crop_border
        height, width = hr.shape[-2:]
        least = self.min_size + 2 * border
        if min(height, width) < least:
            raise DataError(
                f'{self.name}: {_label(sample)} has {width} x {height} pixels; with crop_border='
                f'{border} an image needs at least {least} x {least}. Lower crop_border or leave '
                'the image out.'
            )
        crop = (..., slice(border, height - border), slice(border, width - border))
        return _to_8bit(sr[crop]), _to_8bit(hr[crop]).to(sr.device)


def _to_8bit(image: Tensor) -> Tensor:
    return image.float().mul(255).round_().clamp_(0, 255)


def _label(sample: dict) -> str:
    return sample.get('img_path') or f'image {sample.get("img_id", "(without a name)")}'
