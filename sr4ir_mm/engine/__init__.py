# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Loops, hooks and optimizers."""

from sr4ir_mm.checkpoints import guard_mmengine

guard_mmengine()
