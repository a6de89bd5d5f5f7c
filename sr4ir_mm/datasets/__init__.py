# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data transforms and what loads data."""

from .seed_worker import seed_worker
from .transforms import CQMix, LoadImage, PackWithLR

__all__ = ['CQMix', 'LoadImage', 'PackWithLR', 'seed_worker']
