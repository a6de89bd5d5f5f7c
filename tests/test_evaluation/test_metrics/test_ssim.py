# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SSIM against the formula of Wang et al., window by window."""

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view

from sr4ir_mm.registry import METRICS


def reference(sr: torch.Tensor, hr: torch.Tensor, border: int) -> float:
    """SSIM with explicit windows and central moments."""
    row = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    weights = np.outer(row, row) / row.sum() ** 2
    values = []
    for x, y in zip(sr.numpy().astype(np.float64), hr.numpy().astype(np.float64), strict=True):
        x, y = (np.clip(np.rint(255 * plane), 0, 255) for plane in (x, y))
        height, width = x.shape
        crop = np.s_[border : height - border, border : width - border]
        x, y = (sliding_window_view(plane[crop], (11, 11)) for plane in (x, y))

        def mean(values: np.ndarray) -> np.ndarray:
            return (values * weights).sum((-1, -2))

        mx, my = mean(x), mean(y)
        dx, dy = x - mx[..., None, None], y - my[..., None, None]
        c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        values.append(
            ((2 * mx * my + c1) * (2 * mean(dx * dy) + c2))
            / ((mx**2 + my**2 + c1) * (mean(dx**2) + mean(dy**2) + c2))
        )
    return float(np.mean(values))


def make_pair(seed: int, height: int, width: int) -> dict:
    """A smooth HR image and a noisy one that leaves [0, 1]."""
    generator = torch.Generator().manual_seed(seed)
    hr = torch.rand(1, 3, height, width, generator=generator)
    hr = torch.nn.functional.avg_pool2d(hr, 5, 1, 2)[0]
    return dict(sr=hr + 0.2 * torch.randn(hr.shape, generator=generator), hr=hr)


@pytest.mark.parametrize('border', [0, 8])
def test_is_the_mean_of_the_images_ssim(border: int) -> None:
    samples = [make_pair(0, 30, 41), make_pair(1, 50, 28)]
    metric = METRICS.build(dict(type='SSIM', crop_border=border))
    metric.process(None, samples)
    expected = np.mean([reference(s['sr'], s['hr'], border) for s in samples])
    assert 0.01 < expected < 0.99
    assert metric.evaluate(2) == {'SSIM': pytest.approx(expected, abs=1e-9)}


def test_equal_images_count_as_one() -> None:
    pair = make_pair(0, 30, 30)
    metric = METRICS.build(dict(type='SSIM'))
    metric.process(None, [pair, dict(pair, sr=pair['hr'])])
    expected = (reference(pair['sr'], pair['hr'], 8) + 1) / 2
    assert metric.evaluate(2)['SSIM'] == pytest.approx(expected, abs=1e-9)
