# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Stored LR images follow their HR images through the pipeline."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmcv.transforms import Compose
from PIL import Image

from sr4ir_mm.errors import DataError
from sr4ir_mm.registry import MODELS

SCALE = 4


def make_pair(root: Path, suffix: str = '.png') -> tuple[Path, np.ndarray]:
    """Store an LR image and, as HR, the same with larger pixels."""
    lr = np.random.default_rng(0).integers(0, 256, (6, 10, 3), dtype=np.uint8)
    for folder, pixels, end in (
        ('hr', lr.repeat(SCALE, 0).repeat(SCALE, 1), '.png'),
        ('lr', lr, suffix),
    ):
        (root / folder).mkdir()
        Image.fromarray(pixels).save(root / folder / f'a{end}')
    return root / 'hr' / 'a.png', lr


def run(path: Path, *transforms: dict, **options: Any) -> dict:
    pack = dict(type='mmdet.PackDetInputs', meta_keys=('img_path',))
    packing = dict(
        type='sr4ir_mm.PackWithLR', pack=pack, lr_root=str(path.parents[1] / 'lr'), **options
    )
    return Compose([dict(type='sr4ir_mm.LoadImage'), *transforms, packing])(
        dict(img_path=str(path))
    )


def test_lr_is_packed_beside_hr(tmp_path: Path) -> None:
    path, lr = make_pair(tmp_path)
    packed = run(path)
    np.testing.assert_array_equal(packed['inputs']['lr'], lr.transpose(2, 0, 1)[::-1])
    assert packed['inputs']['hr'].shape == (3, 24, 40)
    assert packed['data_samples'].img_path == str(path)


@pytest.mark.parametrize('direction', ['horizontal', 'vertical', 'diagonal'])
def test_lr_is_flipped_with_hr(direction: str, tmp_path: Path) -> None:
    path, lr = make_pair(tmp_path)
    inputs = run(path, dict(type='mmdet.RandomFlip', prob=1.0, direction=direction))['inputs']
    assert torch.equal(inputs['hr'][:, ::SCALE, ::SCALE], inputs['lr'])
    assert not np.array_equal(inputs['lr'].numpy(), lr.transpose(2, 0, 1)[::-1])


def test_the_data_preprocessor_takes_what_is_packed(tmp_path: Path) -> None:
    path, lr = make_pair(tmp_path)
    packed = run(path)
    batch = dict(
        inputs={key: [value] for key, value in packed['inputs'].items()},
        data_samples=[packed['data_samples']],
    )
    data = MODELS.build(dict(type='SRDataPreprocessor', scale=SCALE))(batch)['inputs']
    np.testing.assert_allclose(data['lr'][0].numpy() * 255, lr.transpose(2, 0, 1), atol=1e-4)


def test_another_suffix(tmp_path: Path) -> None:
    path, lr = make_pair(tmp_path, '.bmp')
    packed = run(path, suffix='.bmp')
    np.testing.assert_array_equal(packed['inputs']['lr'], lr.transpose(2, 0, 1)[::-1])


def test_missing_lr_image_is_named(tmp_path: Path) -> None:
    path, _ = make_pair(tmp_path, '.bmp')
    with pytest.raises(DataError, match=r'lr/a\.png of .*hr/a\.png.*lr_root'):
        run(path)


@pytest.mark.parametrize('keep', [0, 40])
def test_broken_lr_image_is_named(keep: int, tmp_path: Path) -> None:
    path, _ = make_pair(tmp_path)
    stored = tmp_path / 'lr' / 'a.png'
    stored.write_bytes(stored.read_bytes()[:keep])
    with pytest.raises(DataError, match=r'lr/a\.png'):
        run(path)
