# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data transforms and what loads data."""

from sr4ir_mm.checkpoints import guard_mmengine

from .aspect_ratio_batch_sampler import AspectRatioBatchSampler
from .seed_worker import seed_worker
from .transforms import CQMix, LoadImage, PackLR, PackWithLR, ResizeShortSide

guard_mmengine()

__all__ = [
    'AspectRatioBatchSampler',
    'CQMix',
    'LoadImage',
    'PackLR',
    'PackWithLR',
    'ResizeShortSide',
    'seed_worker',
]
