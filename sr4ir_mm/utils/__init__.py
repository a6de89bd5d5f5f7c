# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tools that know nothing of nets or data, and what other libraries look for in ``utils``."""

from .register_all_modules import register_all_modules

__all__ = ['register_all_modules']
