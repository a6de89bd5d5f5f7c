# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Schedules of learning rates."""

from .warmup_cosine_restart_lr import WarmupCosineRestartLR

__all__ = ['WarmupCosineRestartLR']
