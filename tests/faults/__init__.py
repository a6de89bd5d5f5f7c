# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Runs that are killed at random moments and resumed: nothing may be lost (``make faults``)."""
