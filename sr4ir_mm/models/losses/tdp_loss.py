# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The task-driven perceptual (TDP) loss, Eq. 2 of the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS

from ..feature_taps import FeatureTaps
from ..modes import eval_mode

if TYPE_CHECKING:
    from ..phase_batch import PhaseBatch
    from ..sr4ir import SR4IR


@MODELS.register_module()
class TDPLoss(nn.Module):
    """Distance of restored and HR images in the features of the task net itself.

    ``sum_k w_k * mean|F_k(I_SR) - F_k(I_HR)|``: F runs in eval mode (running statistics, no
    dropout), without its heads, and without a graph on the HR side.

    Args:
        layers (Sequence[int | str]): The features F_k: positions in what the task model's
            ``extract_feat`` returns, or names of its submodules. Defaults to (-1,).
        weights (Sequence[float], optional): The w_k; None shares 1 equally. Defaults to None.
        net (str): Whose features. Defaults to 'task'; the paper's Table 6 (B) takes those of a net
            that was trained on HR images and is fixed.
        object_weight (float): How much more places within objects (boxes, masks or labels other
            than the first class) count than others. Defaults to 1.0, all places alike.

    Example:
        >>> # the paper's detection: the two FPN maps, at 0.5 each
        >>> tdp = dict(type='TDPLoss', layers=(0, 1), weights=(0.5, 0.5))
    """

    def __init__(
        self,
        layers: Sequence[int | str] = (-1,),
        weights: Sequence[float] | None = None,
        net: str = 'task',
        object_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.layers = tuple(layers)
        self.net = net
        self.object_weight = object_weight
        if not self.layers or (weights is not None and len(weights) != len(self.layers)):
            raise ConfigError(
                f'TDPLoss: layers {self.layers} and weights {weights} must be as many, and at '
                'least one; weights=None shares 1 equally.'
            )
        self.weights = None if weights is None else tuple(weights)

    def check(self, model: SR4IR) -> None:
        """Find a layer that does not exist when the model is built, not after the warm-up.

        Raises:
            ConfigError: The task net has no such layer.
        """
        if self.net in model.net_names:
            FeatureTaps(model.bare(self.net), self.layers)

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images in the task net's features.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'.

        Returns:
            Tensor: A scalar; its gradient reaches the images.
        """
        # The net is called bare: its extract_feat is no distributed forward.
        net, adapter = batch.model.bare(self.net), batch.model.adapters[self.net]
        taps = FeatureTaps(net, self.layers)
        with eval_mode(net):
            feats = taps(lambda: adapter.features(net, batch.crops(image)))
            with torch.set_grad_enabled(self.net in batch.update):
                targets = taps(lambda: adapter.features(net, batch.crops('hr')))
        objects = None
        if self.object_weight != 1:
            objects = adapter.objects(batch.data_samples, batch.image('hr').shape[-2:])
        return self.distance(feats, targets, objects)

    def distance(
        self, feats: Sequence[Tensor], targets: Sequence[Tensor], objects: Tensor | None = None
    ) -> Tensor:
        """Weighted mean-L1 of two tuples of feature maps, each of any shape, in fp32.

        Args:
            feats (Sequence[Tensor]): F_k(I_SR).
            targets (Sequence[Tensor]): F_k(I_HR).
            objects (Tensor, optional): ``(N, 1, H, W)``, 1 within objects; maps must then be
                ``(N, C, h, w)``. Defaults to None.

        Raises:
            ConfigError: There are more or fewer maps than weights, or maps have no places.
        """
        weights = self.weights or (1 / len(feats),) * len(feats)
        if len(weights) != len(feats):
            raise ConfigError(
                f'TDPLoss: the layers {self.layers} give {len(feats)} maps for {len(weights)} '
                'weights; a named layer with several outputs takes several.'
            )
        terms = (
            weight * self._mean((feat.float() - target.float()).abs(), objects)
            for weight, feat, target in zip(weights, feats, targets, strict=True)
        )
        return torch.stack(list(terms)).sum()

    def _mean(self, gaps: Tensor, objects: Tensor | None) -> Tensor:
        """Average, places within objects at their weight."""
        if objects is None:
            return gaps.mean()
        if gaps.dim() != 4:
            raise ConfigError(
                f'TDPLoss: object_weight needs maps (N, C, h, w), but a layer of {self.layers} '
                f'gives {tuple(gaps.shape)}.'
            )
        # The part of a place that is within objects.
        inside = F.interpolate(objects.to(gaps), gaps.shape[-2:], mode='area')
        weights = 1 + (self.object_weight - 1) * inside
        return (gaps * weights).mean() / weights.mean()
