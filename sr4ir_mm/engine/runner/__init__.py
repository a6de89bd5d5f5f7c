# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The alternating loops and their phases."""

from .alternating_loop import AlternatingEpochLoop, AlternatingIterLoop
from .phase import Phase

__all__ = ['AlternatingEpochLoop', 'AlternatingIterLoop', 'Phase']
