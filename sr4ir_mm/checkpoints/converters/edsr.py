# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""EDSR-PyTorch's EDSR and mmagic's ``EDSRNet`` with ``rgb_std=[1 / 255] * 3``.

Both then work on 0..255 inside, so that weights and biases are the same numbers.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from .key_map import KeyMap

DIV2K_MEAN = (0.4488, 0.4371, 0.4040)


def edsr(num_blocks: int) -> KeyMap:
    """Give the names of an EDSR; those of its up-samplers hold for x2, x3, x4 and x8."""
    pairs = [('head.0.', 'conv_first.'), (f'body.{num_blocks}.', 'conv_after_body.')]
    for i in range(num_blocks):
        pairs += [(f'body.{i}.body.0.', f'body.{i}.conv1.')]
        pairs += [(f'body.{i}.body.2.', f'body.{i}.conv2.')]
    pairs += [(f'tail.0.{2 * i}.', f'upsample.{i}.upsample_conv.') for i in range(3)]
    return KeyMap([*pairs, ('tail.1.', 'conv_last.')])


def count_blocks(state: Mapping[str, Tensor], part: str) -> int:
    """Count the residual blocks, by a weight that each has one of, such as 'body.2.weight'."""
    return sum(key.startswith('body.') and key.endswith(part) for key in state)


def mean_shifts() -> dict[str, Tensor]:
    """Give the fixed layers that EDSR-PyTorch keeps among the weights: minus, plus the mean."""
    shift = 255 * torch.tensor(DIV2K_MEAN)
    eye = torch.eye(3).view(3, 3, 1, 1)
    return {
        'sub_mean.weight': eye,
        'sub_mean.bias': -shift,
        'add_mean.weight': eye.clone(),
        'add_mean.bias': shift,
    }
