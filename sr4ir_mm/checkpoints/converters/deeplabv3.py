# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchvision's DeepLabV3-MobileNetV3 and the segmentor of ``_base_/models``."""

from .key_map import KeyMap
from .mobilenet_v3 import MOBILENET_V3

DEEPLABV3 = KeyMap(
    [
        *MOBILENET_V3.under('backbone.', 'backbone.'),
        *((f'classifier.0.convs.{i}.', f'decode_head.branches.{i}.') for i in range(4)),
        ('classifier.0.convs.4.', 'decode_head.pool.'),
        ('classifier.0.project.', 'decode_head.project.'),
        ('classifier.1.', 'decode_head.fuse.0.'),
        ('classifier.2.', 'decode_head.fuse.1.'),
        ('classifier.4.', 'decode_head.conv_seg.'),
        ('aux_classifier.0.', 'auxiliary_head.convs.0.conv.'),
        ('aux_classifier.1.', 'auxiliary_head.convs.0.bn.'),
        ('aux_classifier.4.', 'auxiliary_head.conv_seg.'),
    ]
)
