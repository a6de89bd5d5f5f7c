# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a loss may ask for: one batch, as one phase sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import torch
from mmengine.model import is_model_wrapper
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError

from .nets.bilinear_upsampler import BilinearUpsampler
from .same_draws import SameDraws

if TYPE_CHECKING:
    from .sr4ir import SR4IR


def unwrap(net: nn.Module) -> Any:
    """Take a net or a model out of its distributed wrapper, if it has one."""
    return net.module if is_model_wrapper(net) else net


class PhaseBatch:
    """Images, nets and targets of one batch in one phase.

    An image type is made when a loss first asks for it and is then kept for the phase, so
    nothing is computed for nothing: a phase on HR images alone never runs the SR net.

    Args:
        model (SR4IR): The algorithm.
        inputs (dict): ``hr`` and ``sizes`` (and ``lr``) of :class:`SRDataPreprocessor`. LR images
            are put there too, for the next phases.
        data_samples (list): The library's data samples; each call works on copies.
        update (Collection[str]): The nets that the phase updates.
    """

    IMAGES = ('hr', 'lr', 'bilinear', 'sr', 'cqmix')

    def __init__(
        self, model: SR4IR, inputs: dict, data_samples: list, update: Collection[str] = ()
    ) -> None:
        self.model = model
        self.inputs = inputs
        self.data_samples = data_samples
        self.update = frozenset(update)
        self.draws = SameDraws()
        self._made: dict[str, Tensor] = {}

    def net(self, name: str) -> nn.Module:
        """Give a net as it must be called.

        The net that is updated is called through its distributed wrapper, which then averages
        its gradients; any other one is called bare, for the wrapper would wait for gradients.
        """
        net = getattr(self.model, name)
        return net if name in self.update else unwrap(net)

    def image(self, name: str) -> Tensor:
        """Give images of a type: 'hr', 'lr', 'bilinear' (LR, up-sampled), 'sr' or 'cqmix'.

        Returns:
            Tensor: ``(N, 3, H, W)``, RGB, nominally in [0, 1] (SR is neither clamped nor
                rounded), padded to one size for the batch.

        Raises:
            ConfigError: The type is unknown.
        """
        if name not in self.IMAGES:
            raise ConfigError(
                f'There are no {name!r} images: a loss works on one of {", ".join(self.IMAGES)}.'
            )
        if name in self.inputs:
            return self.inputs[name]
        if name == 'lr':
            return self.inputs.setdefault('lr', self.model.degradation(self.inputs['hr']))
        if name not in self._made:
            self._made[name] = getattr(self, f'_make_{name}')()
        return self._made[name]

    def crops(self, name: str) -> list[Tensor]:
        """Give images of a type without their padding, as the task net must see them.

        Returns:
            list[Tensor]: N views ``(3, H_i, W_i)``, RGB, nominally in [0, 1].
        """
        return [
            image[:, :height, :width]
            for image, (height, width) in zip(self.image(name), self.inputs['sizes'], strict=True)
        ]

    def _make_sr(self) -> Tensor:
        if self.model.sr is None:
            raise ConfigError("model.sr is None, but a loss or the test works on 'sr' images.")
        lr, hr = self.image('lr'), self.image('hr')
        # An SR net that is not updated needs no graph, whoever uses its images.
        with torch.set_grad_enabled('sr' in self.update and torch.is_grad_enabled()):
            sr = self.net('sr')(lr).float()
        if sr.shape != hr.shape:
            raise ConfigError(
                f'model.sr turns LR images of {tuple(lr.shape)} into {tuple(sr.shape)}, but the '
                f'HR images are {tuple(hr.shape)}: its factor must be model.scale = '
                f'{self.model.scale}.'
            )
        return sr

    def _make_bilinear(self) -> Tensor:
        return BilinearUpsampler(self.model.scale)(self.image('lr'))

    def _make_cqmix(self) -> Tensor:
        return self.model.cqmix.mix(self.image('sr'), self.image('hr'))
