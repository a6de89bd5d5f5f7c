# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""CQMix against ``sr * M + hr * (1 - M)`` with a mask enlarged by hand."""

from typing import Any

import numpy as np
import pytest
import torch

from sr4ir_mm.datasets.transforms import CQMix
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TRANSFORMS


def make_pair(number: int = 2, height: int = 48, width: int = 40) -> tuple:
    generator = torch.Generator().manual_seed(1)
    return tuple(torch.rand(number, 3, height, width, generator=generator) for _ in range(2))


def build(**options: Any) -> CQMix:
    return TRANSFORMS.build(dict(type='CQMix', **options))


def enlarged(cells: np.ndarray, height: int, width: int) -> np.ndarray:
    """Give each pixel the value of the cell that it lies in."""
    rows = np.arange(height) * cells.shape[-2] // height
    columns = np.arange(width) * cells.shape[-1] // width
    return cells[..., rows[:, None], columns]


@pytest.mark.parametrize(('grid', 'shape'), [(8, (8, 8)), ((2, 5), (2, 5)), ((7, 3), (7, 3))])
@pytest.mark.parametrize('prob', [0.5, 0.2])
def test_equals_the_papers_equation(
    grid: int | tuple[int, int], shape: tuple[int, int], prob: float
) -> None:
    sr, hr = make_pair()
    draws = torch.rand((2, 1, *shape), generator=torch.Generator().manual_seed(7)).numpy()
    mask = enlarged(draws < prob, 48, 40).astype(np.float64)
    expected = sr.double().numpy() * mask + hr.double().numpy() * (1 - mask)
    mixed = build(grid=grid, prob=prob, seed=7).mix(sr, hr)
    assert mixed.dtype == sr.dtype
    np.testing.assert_allclose(mixed.numpy(), expected, atol=1e-7)


@pytest.mark.parametrize(('prob', 'which'), [(1, 0), (0, 1)])
def test_extreme_probabilities_give_one_image(prob: float, which: int) -> None:
    pair = make_pair()
    assert torch.equal(build(prob=prob).mix(*pair), pair[which])


def test_share_of_sr_is_the_probability() -> None:
    mask = build(grid=16, prob=0.3, seed=0).mask(torch.zeros(64, 3, 16, 16))
    assert mask.float().mean().item() == pytest.approx(0.3, abs=0.02)


def test_cells_are_whole_in_images_that_the_grid_divides() -> None:
    mask = build(grid=4, seed=0).mask(torch.zeros(3, 3, 24, 40))
    cells = mask.view(3, 4, 6, 4, 10)
    assert torch.equal(cells, cells[:, :, :1, :, :1].expand_as(cells))


def test_images_of_a_batch_have_masks_of_their_own() -> None:
    mask = build(seed=0).mask(torch.zeros(2, 3, 16, 16))
    assert not torch.equal(mask[0], mask[1])


def test_a_seed_gives_the_same_run_of_masks() -> None:
    image = torch.zeros(2, 3, 16, 16)
    first, second = build(seed=3), build(seed=3)
    torch.manual_seed(0)
    masks = [first.mask(image) for _ in range(3)]
    torch.manual_seed(1)  # its own generator does not care
    assert all(torch.equal(mask, second.mask(image)) for mask in masks)
    assert not torch.equal(masks[0], masks[1])


def test_without_a_seed_the_global_generator_decides() -> None:
    image, mix = torch.zeros(2, 3, 16, 16), build()
    torch.manual_seed(0)
    mask = mix.mask(image)
    assert not torch.equal(mask, mix.mask(image))
    torch.manual_seed(0)
    assert torch.equal(mask, mix.mask(image))


def test_gradient_reaches_the_sr_cells_alone() -> None:
    sr, hr = make_pair()
    sr.requires_grad_()
    mask = build(seed=5).mask(hr).expand_as(hr)
    build(seed=5).mix(sr, hr).sum().backward()
    assert torch.equal(sr.grad, mask.float())


def test_is_a_transform_of_batches() -> None:
    hr, sr = torch.rand(2, 3, 24, 36), torch.rand(2, 3, 24, 36)
    transform = TRANSFORMS.build(dict(type='sr4ir_mm.CQMix', grid=4, seed=2))
    results = transform(dict(sr=sr, hr=hr, img_path='a.png'))
    assert torch.equal(results['cqmix'], build(grid=4, seed=2).mix(sr, hr))
    assert results.keys() == {'sr', 'hr', 'cqmix', 'img_path'}


@pytest.mark.parametrize('options', [dict(grid=0), dict(grid=(1, 2, 3)), dict(prob=1.5)])
def test_values_without_a_meaning_are_refused(options: dict) -> None:
    with pytest.raises(ConfigError, match=f'CQMix: {next(iter(options))} is'):
        build(**options)
