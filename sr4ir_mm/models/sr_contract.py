# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an SR net has to do, and whether one does."""

from typing import Any

import torch
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.nets import eval_mode
from sr4ir_mm.utils.random_state import kept_random_state

from .tiles import Tiles
from .windows import restore_any_size

PROBES = ((8, 16), (64, 96))
"""Heights and widths of LR images that a net is tried on: small, or it takes no such small ones."""


def restore(sr_net: nn.Module, lr: Tensor, scale: int, tiles: Tiles | None = None) -> Tensor:
    """Run an SR net.

    Args:
        sr_net (nn.Module): The net.
        lr (Tensor): LR images ``(N, 3, h, w)``, RGB in [0, 1].
        scale (int): The SR factor.
        tiles (Tiles, optional): How large images are cut. Defaults to None.

    Returns:
        Tensor: SR images ``(N, 3, scale * h, scale * w)``, RGB, nominally in [0, 1], float.

    Raises:
        ConfigError: The net gives something else.
    """
    if tiles is None:
        sr: Any = restore_any_size(sr_net, lr, scale)
    else:
        sr = tiles.restore(sr_net, lr, scale)
    expected = (*lr.shape[:2], *(scale * side for side in lr.shape[2:]))
    if not isinstance(sr, Tensor) or sr.shape != expected:
        given = tuple(sr.shape) if isinstance(sr, Tensor) else f'a {type(sr).__name__}'
        raise ConfigError(
            f'model.sr turns LR images of {tuple(lr.shape)} into {given}, not into {expected}: '
            f'its factor must be model.scale = {scale}.'
        )
    return sr.float()


def check_contract(sr_net: nn.Module, scale: int) -> None:
    """Try an SR net, when it is built, on a small image.

    Nothing of the net changes, and the random generators are set back.

    Args:
        sr_net (nn.Module): The net.
        scale (int): The SR factor.

    Raises:
        ConfigError: It does not map ``(N, 3, h, w)`` to ``(N, 3, scale * h, scale * w)``.
    """
    device = next((param.device for param in sr_net.parameters()), None)
    errors: list[Exception] = []
    for size in PROBES:
        lr = torch.full((1, 3, *size), 0.5, device=device)
        try:
            with kept_random_state(), eval_mode(sr_net), torch.no_grad():
                restore(sr_net, lr, scale)
            return
        except Exception as error:  # whatever a net raises that is made for something else
            errors.append(error)
    cause = errors[-1]
    what = '' if isinstance(cause, ConfigError) else f'{type(cause).__name__}: '
    raise ConfigError(
        f'model.sr ({type(sr_net).__name__}) is no net that can be used here. One maps '
        f'(N, 3, h, w) to (N, 3, {scale} * h, {scale} * w), RGB in [0, 1], one image to one, with '
        f'model.scale = {scale}. Given {(1, 3, *PROBES[-1])}: {what}{cause}'
    ) from cause
