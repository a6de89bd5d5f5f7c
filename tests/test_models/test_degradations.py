# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""LR images against the four taps that the kernel of the authors' code amounts to."""

import numpy as np
import pytest
import torch

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS

# Cubic convolution with a = -0.75, half-way between two pixels.
TAPS = np.array([-0.09375, 0.59375, 0.59375, -0.09375])


def straight(hr: np.ndarray, scale: int) -> np.ndarray:
    """Weigh the central four pixels of each cell, along rows and then along columns."""
    kernel = np.zeros(scale)
    kernel[scale // 2 - 2 : scale // 2 + 2] = TAPS
    *lead, height, width = hr.shape
    cells = hr.reshape(*lead, height // scale, scale, width // scale, scale)
    return np.einsum('nchiwj,i,j->nchw', cells, kernel, kernel)


def make_hr(height: int = 48, width: int = 64) -> torch.Tensor:
    return torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize('scale', [4, 8])
def test_bicubic_is_four_taps_of_each_cell(scale: int) -> None:
    hr = make_hr()
    lr = MODELS.build(dict(type='BicubicDegradation', scale=scale, quantize=False))(hr)
    np.testing.assert_allclose(lr.numpy(), straight(hr.double().numpy(), scale), atol=1e-6)


@pytest.mark.parametrize('scale', [4, 8])
def test_default_rounds_to_8_bits_and_clamps(scale: int) -> None:
    hr = (make_hr() > 0.5).float()  # black and white: the kernel overshoots
    lr = MODELS.build(dict(type='BicubicDegradation', scale=scale))(hr).numpy()
    levels = straight(hr.double().numpy(), scale) * 255
    assert levels.min() < -1
    assert levels.max() > 256
    assert np.abs(lr * 255 - np.clip(levels, 0, 255)).max() < 0.5 + 1e-3
    np.testing.assert_allclose(lr * 255, np.rint(lr * 255), atol=1e-4)
    assert lr.min() == 0
    assert lr.max() == 1


def test_antialiasing_removes_what_lr_cannot_show() -> None:
    # Stripes of one pixel: their mean is 0.5, which only a low-pass filter finds beside an edge.
    hr = torch.zeros(1, 3, 32, 32)
    hr[..., 1::8] = 1
    plain, smooth = (
        MODELS.build(dict(type='BicubicDegradation', scale=8, antialias=flag))(hr)
        for flag in (False, True)
    )
    assert plain.max() == 0  # the eighth column is none of the central four
    assert smooth[..., 1:-1].min() > 0.05


@pytest.mark.parametrize('scale', [2, 3, 4, 6, 8])
def test_every_multiple_of_the_scale_gives_its_size(scale: int) -> None:
    degrade = MODELS.build(dict(type='BicubicDegradation', scale=scale))
    for cells in range(1, 400):
        assert degrade(torch.zeros(1, 1, scale, scale * cells)).shape == (1, 1, 1, cells)


def test_hr_images_stay_as_they_are_and_need_no_graph() -> None:
    hr = make_hr().requires_grad_()
    before = hr.detach().clone()
    lr = MODELS.build(dict(type='BicubicDegradation', scale=4))(hr)
    assert torch.equal(hr, before)
    assert not lr.requires_grad


def test_stored_lr_invents_nothing() -> None:
    with pytest.raises(ConfigError, match='PackWithLR'):
        MODELS.build(dict(type='StoredLR', scale=4))(make_hr())
