# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchvision's MobileNetV3-Large ``features`` and mmpretrain's ``MobileNetV3('large')``."""

from collections.abc import Iterator

from .key_map import KeyMap

WITH_SE = (4, 5, 6, 11, 12, 13, 14, 15)


def _pairs() -> Iterator[tuple[str, str]]:
    for layer in (0, 16):
        yield f'{layer}.0.', f'layer{layer}.conv.'
        yield f'{layer}.1.', f'layer{layer}.bn.'
    for layer in range(1, 16):
        parts = ['expand_conv', 'depthwise_conv', 'linear_conv']
        if layer == 1:  # as wide inside as outside
            parts.remove('expand_conv')
        if layer in WITH_SE:
            parts.insert(-1, 'se')
        for place, part in enumerate(parts):
            names = ('fc1', 'conv1.conv'), ('fc2', 'conv2.conv')
            for theirs, ours in names if part == 'se' else (('0', 'conv'), ('1', 'bn')):
                yield f'{layer}.block.{place}.{theirs}.', f'layer{layer}.{part}.{ours}.'


MOBILENET_V3 = KeyMap(_pairs())
