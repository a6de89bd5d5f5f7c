# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The perceptual loss of a fixed ImageNet VGG (Table 6 (A) of the paper)."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import Tensor, nn
from torchvision.models.vgg import cfgs, make_layers

from sr4ir_mm.checkpoints import load_state_dict
from sr4ir_mm.compat import import_mmagic
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.registry import MODELS

if TYPE_CHECKING:
    from ..phase_batch import PhaseBatch


LAYERS = {'vgg11': 'A', 'vgg13': 'B', 'vgg16': 'D', 'vgg19': 'E'}


@MODELS.register_module()
class VGGLoss(nn.Module):
    """mmagic's ``PerceptualLoss``: L1 distance in the features of a VGG that is never trained.

    Args:
        layer_weights (Mapping[str, float]): Layers of ``features`` and their weights. The paper
            does not say which; '34', before the last ReLU of VGG19, is what SR nets are commonly
            trained with. Defaults to {'34': 1.0}.
        vgg_type (str): As torchvision calls it. Defaults to 'vgg19'.
        weights (str): torchvision's weights: a file, or 'torchvision://vgg19', which is downloaded.
        **kwargs: Of mmagic's ``PerceptualLoss``.

    Raises:
        CheckpointError: The weights cannot be had; raised when the loss is first computed.
    """

    def __init__(
        self,
        layer_weights: Mapping[str, float] | None = None,
        vgg_type: str = 'vgg19',
        weights: str = 'torchvision://vgg19',
        **kwargs: Any,
    ) -> None:
        super().__init__()
        self.vgg_type = vgg_type
        self.weights = weights
        self.cfg = dict(
            layer_weights=dict(layer_weights or {'34': 1.0}),
            vgg_type=vgg_type,
            pretrained='',
            style_weight=0,
            norm_img=False,  # images are in [0, 1] already
            **kwargs,
        )
        # In a list, lest its weights be saved with every checkpoint.
        self._loss: list[nn.Module] = []

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'; RGB in [0, 1], as VGG's normalisation expects.

        Returns:
            Tensor: A scalar.
        """
        images = batch.image(image)
        if not self._loss:
            self._loss.append(self._build().to(images.device))
        return self._loss[0](images, batch.image('hr'))[0]

    def _build(self) -> nn.Module:
        import_mmagic()
        from mmagic.models.losses import PerceptualLoss, perceptual_loss

        # The run's own random numbers must not depend on when this happens, or a resumed run, in
        # which it happens again, would differ.
        with torch.random.fork_rng(devices=[]):
            layers = make_layers(cfgs[LAYERS[self.vgg_type]])
        # mmagic always downloads, whatever it is told; it gets the layers from us.
        bare = {self.vgg_type: lambda pretrained: SimpleNamespace(features=layers)}
        with mock.patch.object(perceptual_loss, 'vgg', SimpleNamespace(**bare)):
            loss = PerceptualLoss(**self.cfg).requires_grad_(False)
        given = load_state_dict(self.weights, 'model.losses.vgg.weights')
        used = loss.vgg.vgg_layers
        state = {}
        for key, value in used.state_dict().items():
            state[key] = given.get(f'features.{key}', value[:0])
            if state[key].shape != value.shape:
                raise CheckpointError(
                    f'VGGLoss: {self.weights} has no fitting features.{key}: set '
                    f"model.losses.vgg.weights to a file of torchvision's {self.vgg_type}."
                )
        used.load_state_dict(state)
        return loss
