# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The row I_LR -> T depends on data and metrics alone: its figures, computed from the formulas."""

from pathlib import Path

import lpips as lpips_package
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.structures import BaseDataElement
from scipy.ndimage import gaussian_filter
from torchvision.models.vgg import cfgs, make_layers

from sr4ir_mm.registry import METRICS, MODELS
from tests.utils.tiny import ROOT

TAPS = np.array([-0.09375, 0.59375, 0.59375, -0.09375])  # bicubic, a = -0.75, between two pixels
SIZE = (71, 95)  # no scale divides it


def make_image(seed: int, odd: int) -> np.ndarray:
    """``(H, W, 3)``, RGB bytes, smooth at the scale of some pixels, with edges.

    The taps are odd multiples of 1/32, so that exactly one odd pixel among the sixteen under them
    keeps LR values off the ties of rounding, which no two ways of adding up break alike.
    """
    rng = np.random.default_rng(seed)
    smooth = gaussian_filter(rng.normal(size=(*SIZE, 3)), (3, 3, 0))
    smooth[:, 40:] *= -1
    image = np.clip(smooth / np.abs(smooth).max() * 140 + 128, 0, 255).astype(np.uint8) & 254
    image[odd::4, odd::4] |= 1
    return image


def down(image: np.ndarray, scale: int) -> np.ndarray:
    """Four taps in the middle of each cell, along both axes; then 8 bits."""
    first = scale // 2 - 2
    for axis in (0, 1):
        image = np.moveaxis(image, axis, 0)
        cells = image.reshape(-1, scale, *image.shape[1:])[:, first : first + 4]
        image = np.moveaxis(np.einsum('k,ik...->i...', TAPS, cells), 0, axis)
    return np.clip(np.round(image * 255), 0, 255) / 255


def up(image: np.ndarray, scale: int) -> np.ndarray:
    """Bilinear, the corner pixels on the corners."""
    for axis in (0, 1):
        image = np.moveaxis(image, axis, 0)
        at = np.linspace(0, len(image) - 1, len(image) * scale)
        low = np.minimum(at.astype(int), len(image) - 2)
        part = (at - low).reshape(-1, 1, 1)
        image = np.moveaxis(image[low] * (1 - part) + image[low + 1] * part, 0, axis)
    return image


def pad(image: np.ndarray, scale: int, mode: str) -> np.ndarray:
    bottom, right = (-side % scale for side in image.shape[:2])
    return np.pad(image, ((0, bottom), (0, right), (0, 0)), mode=mode)


def eight_bits(image: np.ndarray) -> np.ndarray:
    return np.clip(np.round(image * 255), 0, 255)[8:-8, 8:-8]


@pytest.fixture(scope='module')
def vgg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random VGG16 in the place of the one that has learnt."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = make_layers(cfgs['D'])
    path = tmp_path_factory.mktemp('weights') / 'vgg16.pth'
    torch.save({f'features.{key}': value for key, value in layers.state_dict().items()}, path)
    return path


@pytest.fixture(scope='module')
def reference(vgg: Path) -> torch.nn.Module:
    """The package lpips itself, with those weights."""
    net = lpips_package.LPIPS(net='vgg', pnet_rand=True, verbose=False).eval()
    state = torch.load(vgg, weights_only=True)
    net.net.load_state_dict(
        {key: state[f'features.{key.split(".", 1)[1]}'] for key in net.net.state_dict()}
    )
    return net


@pytest.mark.parametrize(
    ('name', 'mode', 'padded'),
    [
        ('l2t/seg_x4', 'edge', False),
        ('l2t/seg_x8', 'edge', False),
        ('l2t/det_x4', 'reflect', True),
        ('l2t/det_x8', 'reflect', True),
    ],
)
def test_psnr_and_lpips_equal_the_formulas(
    name: str, mode: str, padded: bool, vgg: Path, reference: torch.nn.Module
) -> None:
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py').model
    model = MODELS.build(dict(cfg, task=None, init=None)).eval()
    images = [make_image(seed, odd=1 if mode == 'edge' else 2) for seed in range(3)]
    # What OpenMMLab's loaders give: BGR bytes.
    inputs = [torch.from_numpy(image[..., ::-1].copy()).permute(2, 0, 1) for image in images]
    metrics = [
        METRICS.build(dict(type='PSNR')),
        METRICS.build(dict(type='LPIPS', weights=str(vgg))),
    ]
    for image in inputs:
        data = dict(inputs=[image], data_samples=[BaseDataElement()])
        samples = model.test_step(data)
        for metric in metrics:
            metric.process(None, [sample.to_dict() for sample in samples])
    psnr, lpips = (metric.evaluate(3).popitem()[1] for metric in metrics)

    scores, distances = [], []
    for image in images:
        hr = pad(image / 255, cfg.scale, mode)
        sr = up(down(hr, cfg.scale), cfg.scale)
        if not padded:
            hr, sr = (side[: SIZE[0], : SIZE[1]] for side in (hr, sr))
        hr, sr = eight_bits(hr), eight_bits(sr)
        scores.append(10 * np.log10(255**2 / ((hr - sr) ** 2).mean()))
        pair = [
            torch.from_numpy(side / 127.5 - 1).permute(2, 0, 1)[None].float() for side in (sr, hr)
        ]
        with torch.no_grad():
            distances.append(reference(*pair).item())
    assert psnr == pytest.approx(np.mean(scores), abs=1e-4)
    assert lpips == pytest.approx(np.mean(distances), abs=1e-4)
    assert psnr < 40  # the images do lose something
