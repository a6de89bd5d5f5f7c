# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Weights of other projects, under the names that they have here. Imports no library."""

from .deeplabv3 import DEEPLABV3
from .faster_rcnn import FASTER_RCNN
from .key_map import KeyMap
from .mobilenet_v3 import MOBILENET_V3
from .published import FORMS, Published, from_mm, recognise, recognise_ours, to_mm
from .resnet import RESNET

__all__ = [
    'DEEPLABV3',
    'FASTER_RCNN',
    'FORMS',
    'MOBILENET_V3',
    'RESNET',
    'KeyMap',
    'Published',
    'from_mm',
    'recognise',
    'recognise_ours',
    'to_mm',
]
