# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An HR picture as a small camera would have taken it."""

import numpy as np
import torch
from torch import nn

from sr4ir_mm.errors import DataError
from sr4ir_mm.visualization import to_uint8


def shrink(picture: np.ndarray, degradation: nn.Module) -> np.ndarray:
    """Degrade a picture, cut to a multiple of the scale at its right and bottom.

    Args:
        picture (np.ndarray): ``(H, W, 3)``, in 0..255, in any order of colours.
        degradation (nn.Module): A model's, with a ``scale``.

    Returns:
        np.ndarray: ``(H // scale, W // scale, 3)``, in 0..255, in the same order.

    Raises:
        DataError: The picture is smaller than one LR pixel.
    """
    height, width = (side // degradation.scale * degradation.scale for side in picture.shape[:2])
    if not height or not width:
        raise DataError(f'The picture is too small to be shrunk by {degradation.scale}.')
    hr = torch.from_numpy(picture[:height, :width].transpose(2, 0, 1) / np.float32(255))
    return to_uint8(degradation(hr[None])[0])
