# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An LR image alone reaches the model as such."""

import numpy as np
import pytest
import torch

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TRANSFORMS


def test_the_image_is_packed_as_the_lr_image() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    pack = dict(type='mmdet.PackDetInputs', meta_keys=('img_path',))
    transform = TRANSFORMS.build(dict(type='PackLR', pack=pack))
    packed = transform(dict(img=image, img_path='a.png'))
    assert packed['inputs'].keys() == {'lr'}
    assert torch.equal(packed['inputs']['lr'], torch.from_numpy(image).permute(2, 0, 1))
    assert packed['data_samples'].img_path == 'a.png'


@pytest.mark.parametrize('annotations', [dict(instances=[dict(bbox=[0, 0, 9, 9])]),
                                         dict(seg_map_path='a.png')])  # fmt: skip
def test_annotations_need_the_scale(annotations: dict) -> None:
    """Or boxes in pixels of the LR image would be compared with predictions on the SR image."""
    image = np.zeros((5, 7, 3), np.uint8)
    pack = dict(type='mmdet.PackDetInputs', meta_keys=('img_path',))
    transform = TRANSFORMS.build(dict(type='PackLR', pack=pack))
    results = dict(img=image, img_path='a.png', **annotations)
    with pytest.raises(ConfigError, match=r'in pixels of the SR image.*LoadImage.*scale=N'):
        transform(dict(results))
    assert transform(dict(results, lr_scale=4))['inputs'].keys() == {'lr'}
