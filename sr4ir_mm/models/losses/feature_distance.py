# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The distance of two tuples of feature maps, which TDP and VGG losses share."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from sr4ir_mm.errors import ConfigError


def feature_distance(
    feats: Sequence[Tensor],
    targets: Sequence[Tensor],
    weights: Sequence[float] | None = None,
    object_mask: Tensor | None = None,
    object_weight: float = 1.0,
) -> Tensor:
    """Compute ``sum_k w_k * mean|F_k(I_SR) - F_k(I_HR)|`` in fp32.

    Args:
        feats (Sequence[Tensor]): F_k(I_SR), each of any shape.
        targets (Sequence[Tensor]): F_k(I_HR).
        weights (Sequence[float], optional): w_k; None shares 1 equally. Defaults to None.
        object_mask (Tensor, optional): ``(N, 1, H, W)``, 1 within objects; maps must then be
            ``(N, C, h, w)``. Defaults to None.
        object_weight (float): How much more places within objects count. Defaults to 1.0.

    Returns:
        Tensor: A scalar.

    Raises:
        ConfigError: There are more or fewer maps than weights, or maps have no places.
    """
    weights = weights or (1 / len(feats),) * len(feats)
    if len(weights) != len(feats):
        raise ConfigError(
            f'The layers give {len(feats)} maps for {len(weights)} weights: give the loss as many '
            '(model.losses.tdp.weights; a layer may have several maps), or None, for equal ones.'
        )
    terms = [
        weight * _mean((feat.float() - target.float()).abs(), object_mask, object_weight)
        for weight, feat, target in zip(weights, feats, targets, strict=True)
    ]
    return torch.stack(terms).sum()


def _mean(gaps: Tensor, object_mask: Tensor | None, object_weight: float) -> Tensor:
    """Average, places within objects at their weight."""
    if object_mask is None:
        return gaps.mean()
    if gaps.dim() != 4:
        raise ConfigError(
            f'object_weight needs maps (N, C, h, w), but a layer gives {tuple(gaps.shape)}.'
        )
    # The part of a place that is within objects.
    inside = F.interpolate(object_mask.to(gaps), gaps.shape[-2:], mode='area')
    weights = 1 + (object_weight - 1) * inside
    return (gaps * weights).mean() / weights.mean()
