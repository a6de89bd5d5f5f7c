# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Optimizer wrappers and their constructor."""

from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .per_net_constructor import PerNetOptimWrapperConstructor

__all__ = ['BFloat16OptimWrapper', 'PerNetOptimWrapperConstructor']
