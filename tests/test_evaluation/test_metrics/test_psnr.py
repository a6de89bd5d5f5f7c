# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""PSNR, and what all image metrics do with their input."""

import math

import numpy as np
import pytest
import torch
from mmengine.evaluator import Evaluator
from mmengine.structures import BaseDataElement

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.registry import METRICS


def to_8bit(image: torch.Tensor, border: int = 8) -> np.ndarray:
    """Round, clamp and crop as the protocol says, in NumPy."""
    image = np.clip(np.rint(image.numpy().astype(np.float64) * 255), 0, 255)
    return image[:, border:-border, border:-border] if border else image


def reference(sr: torch.Tensor, hr: torch.Tensor, border: int = 8) -> float:
    """PSNR of the RGB channels jointly, from its formula."""
    mse = np.mean((to_8bit(sr, border) - to_8bit(hr, border)) ** 2)
    return 10 * np.log10(255.0**2 / mse)


def make_pair(seed: int, height: int = 24, width: int = 31) -> dict:
    """An HR image and a noisy one that leaves [0, 1]."""
    generator = torch.Generator().manual_seed(seed)
    hr = torch.rand(3, height, width, generator=generator)
    sr = hr + 0.1 * seed * torch.randn(3, height, width, generator=generator)
    return dict(sr=sr, hr=hr, img_path=f'image_{seed}.png')


@pytest.mark.parametrize('border', [0, 3, 8])
def test_is_the_mean_of_the_images_psnr(border: int) -> None:
    samples = [make_pair(1), make_pair(2), make_pair(3, 40, 20)]
    metric = METRICS.build(dict(type='PSNR', crop_border=border))
    metric.process(None, samples[:2])
    metric.process(None, samples[2:])
    expected = np.mean([reference(s['sr'], s['hr'], border) for s in samples])
    assert metric.evaluate(3) == {'PSNR': pytest.approx(expected, abs=1e-4)}


def test_border_and_sub_8bit_differences_do_not_count() -> None:
    hr = torch.full((3, 20, 20), 100 / 255)
    sr = hr + 0.4 / 255  # rounds to the same value
    sr[:, :8] = 0
    sr[:, :, -8:] = 1
    sr[0, 10, 10] = hr[0, 10, 10] + 3 / 255
    metric = METRICS.build(dict(type='PSNR'))
    metric.process(None, [dict(sr=sr, hr=hr)])
    mse = 3**2 / (3 * 4 * 4)
    assert metric.evaluate(1)['PSNR'] == pytest.approx(10 * math.log10(255**2 / mse), abs=1e-4)


def test_equal_images_are_left_out_of_the_mean() -> None:
    pair = make_pair(1)
    equal = dict(sr=pair['hr'].clone(), hr=pair['hr'])
    metric = METRICS.build(dict(type='PSNR'))
    metric.process(None, [equal, pair])
    assert metric.evaluate(2)['PSNR'] == pytest.approx(reference(pair['sr'], pair['hr']), abs=1e-4)
    metric.process(None, [equal, equal])
    assert metric.evaluate(2) == {'PSNR': math.inf}


def test_stock_evaluator_takes_data_samples_and_keeps_only_numbers() -> None:
    evaluator = Evaluator([METRICS.build(dict(type='PSNR')), METRICS.build(dict(type='SSIM'))])
    sample = BaseDataElement(metainfo=dict(img_path='a.png'))
    sample.set_data({key: make_pair(1, 40)[key] for key in ('sr', 'hr')})
    evaluator.process([sample])
    assert [type(value) for metric in evaluator.metrics for value in metric.results] == [float] * 2
    assert set(evaluator.evaluate(1)) == {'PSNR', 'SSIM'}


def test_a_sample_is_not_changed() -> None:
    pair = make_pair(2)
    before = {key: pair[key].clone() for key in ('sr', 'hr')}
    METRICS.build(dict(type='PSNR', crop_border=0)).process(None, [pair])
    assert all(torch.equal(pair[key], value) for key, value in before.items())


@pytest.mark.parametrize(('name', 'least'), [('PSNR', 17), ('SSIM', 27)])
def test_small_image_is_named(name: str, least: int) -> None:
    metric = METRICS.build(dict(type=name))
    metric.process(None, [make_pair(1, least, least)])
    with pytest.raises(DataError, match=rf'image_1\.png has {least - 1} x 40 pixels.*{least} x'):
        metric.process(None, [make_pair(1, 40, least - 1)])


def test_unusable_input_is_named() -> None:
    metric = METRICS.build(dict(type='PSNR'))
    pair = make_pair(1)
    with pytest.raises(DataError, match=r"no 'sr' image of image_1\.png"):
        metric.process(None, [dict(hr=pair['hr'], img_path='image_1.png')])
    with pytest.raises(DataError, match=r'image_1\.png differ in shape'):
        metric.process(None, [dict(pair, sr=pair['sr'][:, :-1])])
    with pytest.raises(DataError, match=r'image_1\.png is NaN'):
        metric.process(None, [dict(pair, sr=pair['sr'] * math.nan)])
    with pytest.raises(DataError, match='no image'):
        metric.evaluate(0)
    with pytest.raises(ConfigError, match='crop_border'):
        METRICS.build(dict(type='PSNR', crop_border=-1))
