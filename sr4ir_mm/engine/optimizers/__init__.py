# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Optimizer wrapper constructors."""

from .per_net_constructor import PerNetOptimWrapperConstructor

__all__ = ['PerNetOptimWrapperConstructor']
