# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Checkpoints: read, recognise, convert, check, find the last one. Nobody else opens a ``.pth``."""
