# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""SR nets that cut an image into windows, such as SwinIR, on images of any size."""

from torch import Tensor, nn

from sr4ir_mm.utils.nets import unwrap

from .data_preprocessor import pad_image


def window_of(sr_net: nn.Module) -> int:
    """Give the side of the windows that a net attends within, in LR pixels; 1 if it has none."""
    size = getattr(unwrap(sr_net), 'window_size', 1)
    return size if isinstance(size, int) else 1


def restore_any_size(sr_net: nn.Module, lr: Tensor, scale: int) -> Tensor:
    """Run an SR net also where the image is smaller than what its windows need.

    Such nets reflect the image to fill the last window, which takes an image of more than half a
    window. A smaller one has its border repeated first, and the result is cut.

    Args:
        sr_net (nn.Module): ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``.
        lr (Tensor): LR images ``(N, 3, h, w)``, RGB in [0, 1].
        scale (int): The SR factor.

    Returns:
        Tensor: SR images ``(N, 3, scale * h, scale * w)``.
    """
    window, (height, width) = window_of(sr_net), lr.shape[-2:]
    filled = [_fillable(side, window) for side in (height, width)]
    if filled == [height, width]:
        return sr_net(lr)
    sr = sr_net(pad_image(lr, filled[0], filled[1], mode='replicate'))
    return sr[..., : scale * height, : scale * width]


def _fillable(side: int, window: int) -> int:
    """Give a side that can be reflected to whole windows: itself or, if it is too small, whole."""
    missing = -side % window
    return side if missing < side else side + missing
