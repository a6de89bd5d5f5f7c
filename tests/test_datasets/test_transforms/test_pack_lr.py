# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An LR image alone reaches the model as such."""

import numpy as np
import torch

from sr4ir_mm.registry import TRANSFORMS


def test_the_image_is_packed_as_the_lr_image() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    pack = dict(type='mmdet.PackDetInputs', meta_keys=('img_path',))
    transform = TRANSFORMS.build(dict(type='PackLR', pack=pack))
    packed = transform(dict(img=image, img_path='a.png'))
    assert packed['inputs'].keys() == {'lr'}
    assert torch.equal(packed['inputs']['lr'], torch.from_numpy(image).permute(2, 0, 1))
    assert packed['data_samples'].img_path == 'a.png'
