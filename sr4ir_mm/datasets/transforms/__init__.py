# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data transforms."""

from .cqmix import CQMix
from .load_image import LoadImage
from .pack_lr import PackLR
from .pack_with_lr import PackWithLR
from .resize_short_side import ResizeShortSide

__all__ = ['CQMix', 'LoadImage', 'PackLR', 'PackWithLR', 'ResizeShortSide']
