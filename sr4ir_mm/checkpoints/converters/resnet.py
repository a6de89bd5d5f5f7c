# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchvision's ResNet and mmpretrain's classifier around one."""

from .key_map import KeyMap

PARTS = ('conv1.', 'bn1.', 'layer1.', 'layer2.', 'layer3.', 'layer4.')

RESNET = KeyMap([*((part, f'backbone.{part}') for part in PARTS), ('fc.', 'head.fc.')])
