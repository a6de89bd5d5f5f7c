# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""How a library's task models are called; no other code knows mmdet, mmseg or mmpretrain."""

from .base import Images, TaskAdapter
from .cls import ClsAdapter
from .data_samples import copy_data_samples
from .det import DetAdapter
from .find import find_adapter
from .full_precision import keep_full_precision
from .seg import SegAdapter

__all__ = [
    'ClsAdapter',
    'DetAdapter',
    'Images',
    'SegAdapter',
    'TaskAdapter',
    'copy_data_samples',
    'find_adapter',
    'keep_full_precision',
]
