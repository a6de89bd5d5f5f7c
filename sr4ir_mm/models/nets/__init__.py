# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nets that the mm* libraries lack."""

from .bilinear_upsampler import BilinearUpsampler

__all__ = ['BilinearUpsampler']
