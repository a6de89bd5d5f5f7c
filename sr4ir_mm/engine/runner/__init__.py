# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The loops, and the phases of the alternating ones."""

from .alternating_loop import AlternatingEpochLoop, AlternatingIterLoop
from .phase import Phase
from .reference_test_loop import ReferenceTestLoop
from .run_phase import run_phase

__all__ = ['AlternatingEpochLoop', 'AlternatingIterLoop', 'Phase', 'ReferenceTestLoop', 'run_phase']
