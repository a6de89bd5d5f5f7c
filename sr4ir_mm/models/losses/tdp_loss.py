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

    Example:
        >>> # the paper's detection: the two FPN maps, at 0.5 each
        >>> tdp = dict(type='TDPLoss', layers=(0, 1), weights=(0.5, 0.5))
    """

    def __init__(
        self, layers: Sequence[int | str] = (-1,), weights: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        self.layers = tuple(layers)
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
        if model.task is not None:
            FeatureTaps(model.bare('task'), self.layers)

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images in the task net's features.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'.

        Returns:
            Tensor: A scalar; its gradient reaches the images.
        """
        # The net is called bare: its extract_feat is no distributed forward.
        net = batch.model.bare('task')
        taps = FeatureTaps(net, self.layers)
        with eval_mode(net):
            feats = taps(lambda: batch.model.adapter.features(net, batch.crops(image)))
            with torch.set_grad_enabled('task' in batch.update):
                targets = taps(lambda: batch.model.adapter.features(net, batch.crops('hr')))
        return self.distance(feats, targets)

    def distance(self, feats: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
        """Weighted mean-L1 of two tuples of feature maps, each of any shape, in fp32.

        Raises:
            ConfigError: There are more or fewer maps than weights.
        """
        weights = self.weights or (1 / len(feats),) * len(feats)
        if len(weights) != len(feats):
            raise ConfigError(
                f'TDPLoss: the layers {self.layers} give {len(feats)} maps for {len(weights)} '
                'weights; a named layer with several outputs takes several.'
            )
        terms = (
            weight * F.l1_loss(feat.float(), target.float())
            for weight, feat, target in zip(weights, feats, targets, strict=True)
        )
        return torch.stack(list(terms)).sum()
