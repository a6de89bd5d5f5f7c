# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures, drawn with the libraries' own visualizers."""

from .draw_sample import draw_sample, enlarge, to_uint8

__all__ = ['draw_sample', 'enlarge', 'to_uint8']
