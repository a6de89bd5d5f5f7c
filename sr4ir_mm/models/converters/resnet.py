# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchvision's ResNet and mmpretrain's classifier around one."""

from collections.abc import Mapping
from typing import Any

from .key_map import KeyMap

PARTS = ('conv1.', 'bn1.', 'layer1.', 'layer2.', 'layer3.', 'layer4.')


class ResNetMap(KeyMap):
    """Names of the classifier.

    torchvision's ImageNet weights are older than the counters of batches; they start at zero then,
    as when PyTorch loads such weights.
    """

    def to_mm(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Rename theirs to ours.

        Raises:
            KeyError: A name has no counterpart.
        """
        renamed = super().to_mm(state)
        for key in list(renamed):
            stem, _, name = key.rpartition('.')
            if name == 'running_var':
                count = renamed[key].new_zeros(()).long()
                renamed.setdefault(f'{stem}.num_batches_tracked', count)
        return renamed


RESNET = ResNetMap([*((part, f'backbone.{part}') for part in PARTS), ('fc.', 'head.fc.')])
