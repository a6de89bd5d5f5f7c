# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""torchvision's Faster R-CNN MobileNetV3-Large-FPN and the detector of ``_base_/models``."""

import re
from collections.abc import Mapping
from typing import Any

from .key_map import COUNTER, KeyMap
from .mobilenet_v3 import MOBILENET_V3

# Rows of a class in the last layers: there the background comes first, here last.
ROWS = {'roi_head.bbox_head.fc_cls.': 1, 'roi_head.bbox_head.fc_reg.': 4}
# torchvision's own published weights have names of an earlier version.
EARLIER = re.compile(r'(backbone\.fpn\.(?:inner|layer)_blocks\.\d|rpn\.head\.conv)\.(\w+)')


class FasterRCNNMap(KeyMap):
    """Names of the detector, and its order of classes."""

    def to_mm(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Rename theirs to ours, and move the background to the end.

        Raises:
            KeyError: A name has no counterpart.
        """
        return _roll(super().to_mm({_current(key): value for key, value in state.items()}), -1)

    def from_mm(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Rename ours to theirs, and move the background to the beginning.

        Raises:
            KeyError: A name has no counterpart.
        """
        state = {key: value for key, value in state.items() if not key.endswith(COUNTER)}
        return super().from_mm(_roll(state, 1))


def _current(key: str) -> str:
    found = EARLIER.fullmatch(key)
    if not found:
        return key
    block, name = found.groups()
    return f'{block}.0.0.{name}' if block.startswith('rpn') else f'{block}.0.{name}'


def _roll(state: Mapping[str, Any], step: int) -> dict[str, Any]:
    rolled = dict(state)
    for prefix, rows in ROWS.items():
        for key in (f'{prefix}weight', f'{prefix}bias'):
            if key in rolled:
                rolled[key] = rolled[key].roll(step * rows, 0)
    return rolled


FASTER_RCNN = FasterRCNNMap(
    [
        *MOBILENET_V3.under('backbone.body.', 'backbone.'),
        *((f'backbone.fpn.inner_blocks.{i}.0.', f'neck.lateral_convs.{i}.conv.') for i in (0, 1)),
        *((f'backbone.fpn.layer_blocks.{i}.0.', f'neck.fpn_convs.{i}.conv.') for i in (0, 1)),
        ('rpn.head.conv.0.0.', 'rpn_head.rpn_conv.'),
        ('rpn.head.cls_logits.', 'rpn_head.rpn_cls.'),
        ('rpn.head.bbox_pred.', 'rpn_head.rpn_reg.'),
        ('roi_heads.box_head.fc6.', 'roi_head.bbox_head.shared_fcs.0.'),
        ('roi_heads.box_head.fc7.', 'roi_head.bbox_head.shared_fcs.1.'),
        ('roi_heads.box_predictor.cls_score.', 'roi_head.bbox_head.fc_cls.'),
        ('roi_heads.box_predictor.bbox_pred.', 'roi_head.bbox_head.fc_reg.'),
    ]
)
