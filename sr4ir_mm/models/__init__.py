# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The algorithm, its losses, nets and task adapters."""

from sr4ir_mm.checkpoints import guard_mmengine

from .data_preprocessor import SRDataPreprocessor
from .degradations import BicubicDegradation, StoredLR
from .losses import PixelLoss, TaskLoss, TDPLoss
from .nets import BilinearUpsampler
from .sr4ir import SR4IR

guard_mmengine()

__all__ = [
    'BicubicDegradation',
    'BilinearUpsampler',
    'PixelLoss',
    'SR4IR',
    'SRDataPreprocessor',
    'StoredLR',
    'TDPLoss',
    'TaskLoss',
]
