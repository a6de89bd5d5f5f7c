# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One adapter a task library; no other code knows mmdet, mmseg or mmpretrain."""

from .base import TaskAdapter
from .cls import ClsAdapter
from .det import DetAdapter
from .seg import SegAdapter

__all__ = ['ClsAdapter', 'DetAdapter', 'SegAdapter', 'TaskAdapter']
