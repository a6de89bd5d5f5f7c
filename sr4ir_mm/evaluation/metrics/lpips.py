# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Learned perceptual image patch similarity."""

import warnings
from typing import Any

import torch
from torch import Tensor, nn

from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.registry import METRICS

from .image_metric import ImageMetric
from .lpips_weights import BACKBONES, load_backbone


@METRICS.register_module()
class LPIPS(ImageMetric):
    """LPIPS of Zhang et al. (2018), by their package with its linear heads (v0.1).

    The mean over images; images at distance 0 are left out. Lower is better.

    The backbone's ImageNet weights are torchvision's. They are looked for in this order: the
    argument ``weights``, the environment variable ``SR4IR_LPIPS_WEIGHTS``, torchvision's cache,
    torchvision's download. They are read when the metric is built, so that a missing file shows
    before a long training run and not at its first validation.

    Args:
        net (str): Backbone, 'vgg' or 'alex'. Defaults to 'vgg', as in the paper's tables.
        weights (str, optional): State dict of torchvision's VGG16 or AlexNet; its convolutions
            ``features.*`` are enough, in any float type. Defaults to None.
        crop_border (int): Pixels left out at each side. Defaults to 8.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.

    Raises:
        CheckpointError: The weights are not available, or are of another net.
        ConfigError: The net is unknown.
    """

    skipped = 0.0

    def __init__(
        self, net: str = 'vgg', weights: str | None = None, crop_border: int = 8, **kwargs: Any
    ) -> None:
        super().__init__(crop_border, **kwargs)
        if net not in BACKBONES:
            raise ConfigError(f'LPIPS: net is {net!r}; it can be {" or ".join(BACKBONES)}.')
        self.net = net
        self.min_size = BACKBONES[net].min_size
        self._convolutions, self._source = load_backbone(net, weights)
        self._model: nn.Module | None = None

    def score(self, sr: Tensor, hr: Tensor) -> float:
        """Compare two images; see :class:`ImageMetric`."""
        if self._model is None:  # seconds, which a run that never validates does not need
            self._model = self._build()
        model = self._model.to(sr.device)
        with torch.autocast(sr.device.type, enabled=False):
            return model(sr[None] / 127.5 - 1, hr[None] / 127.5 - 1).item()

    def _build(self) -> nn.Module:
        import lpips  # slow, and needed here only

        # The package fills its nets with random values first; the run's own stream of random
        # numbers must not depend on when that happens, or a resumed run would differ.
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
            warnings.simplefilter('ignore')  # it calls torchvision by deprecated arguments
            model = lpips.LPIPS(net=self.net, pnet_rand=True, verbose=False)
        state = {name: self._convolutions[name.split('.', 1)[1]] for name in model.net.state_dict()}
        try:
            model.net.load_state_dict(state)
        except RuntimeError as error:
            raise CheckpointError(
                f'LPIPS weights {self._source} do not fit net={self.net!r}: {error}'
            ) from error
        return model.eval().requires_grad_(False)
