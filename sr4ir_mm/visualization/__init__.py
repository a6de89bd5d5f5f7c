# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures, drawn with the libraries' own visualizers."""

from .build_visualizer import build_visualizer
from .draw_sample import draw_sample, enlarge, to_uint8
from .enlarge_sample import enlarge_sample
from .panels import in_prediction_frame, plain_panels, side_by_side
from .picture_names import PictureNames

__all__ = [
    'PictureNames',
    'build_visualizer',
    'draw_sample',
    'enlarge',
    'enlarge_sample',
    'in_prediction_frame',
    'plain_panels',
    'side_by_side',
    'to_uint8',
]
