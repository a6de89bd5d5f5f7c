# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Optimizer wrapper constructors."""

from .separate_constructor import SeparateOptimWrapperConstructor

__all__ = ['SeparateOptimWrapperConstructor']
