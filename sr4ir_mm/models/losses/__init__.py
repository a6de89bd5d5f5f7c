# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Losses. Each is called with a :class:`PhaseBatch` and the name of an image type."""

from .adversarial_loss import AdversarialLoss
from .pixel_loss import PixelLoss
from .task_loss import TaskLoss
from .tdp_loss import TDPLoss
from .vgg_loss import VGGLoss

__all__ = ['AdversarialLoss', 'PixelLoss', 'TDPLoss', 'TaskLoss', 'VGGLoss']
