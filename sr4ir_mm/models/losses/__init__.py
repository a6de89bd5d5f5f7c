# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Losses. Each is called with a :class:`PhaseBatch` and the name of an image type."""

from .pixel_loss import PixelLoss
from .task_loss import TaskLoss
from .tdp_loss import TDPLoss

__all__ = ['PixelLoss', 'TDPLoss', 'TaskLoss']
