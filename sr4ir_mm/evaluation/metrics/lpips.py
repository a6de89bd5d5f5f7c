# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Learned perceptual image patch similarity."""

import warnings
from collections import defaultdict
from collections.abc import Sequence
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

    The mean over images; images at distance 0 are left out. Lower is better. Equal images are at
    distance 0 without a pass of the backbone.

    The backbone's ImageNet weights are torchvision's. They are looked for in this order: the
    argument ``weights``, the environment variable ``SR4IR_LPIPS_WEIGHTS``, torchvision's cache,
    torchvision's download. They are read when the metric is built, so that a missing file shows
    before a long training run and not at its first validation.

    Args:
        net (str): Backbone, 'vgg' or 'alex'. Defaults to 'vgg', as in the paper's tables.
        weights (str, optional): State dict of torchvision's VGG16 or AlexNet; its convolutions
            ``features.*`` are enough, in any float type. Defaults to None.
        crop_border (int): Pixels left out at each side. Defaults to 8.
        batch_size (int): Images of one size that go through the backbone at once; scores are the
            same to rounding. Defaults to 1.
        bf16 (bool): Whether the backbone computes in bfloat16, distances still in float32: faster
            where the device does, and not the paper's figure any more. Defaults to False.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.

    Raises:
        CheckpointError: The weights are not available, or are of another net.
        ConfigError: The net is unknown, or the batch size is no positive integer.
    """

    skipped = 0.0

    def __init__(
        self,
        net: str = 'vgg',
        weights: str | None = None,
        crop_border: int = 8,
        batch_size: int = 1,
        bf16: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(crop_border, **kwargs)
        if net not in BACKBONES:
            raise ConfigError(f'LPIPS: net is {net!r}; it can be {" or ".join(BACKBONES)}.')
        if not isinstance(batch_size, int) or batch_size < 1:
            raise ConfigError(f'LPIPS: batch_size is {batch_size!r}, not a positive integer.')
        self.net = net
        self.batch_size = batch_size
        self.bf16 = bf16
        self.min_size = BACKBONES[net].min_size
        self._convolutions, self._source = load_backbone(net, weights)
        self._model: nn.Module | None = None

    def scores(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> list[float]:
        """Score pairs, those of one size in batches; see :class:`ImageMetric`."""
        scores = [0.0] * len(pairs)
        places = defaultdict(list)
        for place, (sr, hr) in enumerate(pairs):
            if not torch.equal(sr, hr):
                places[sr.shape].append(place)
        for group in places.values():
            for start in range(0, len(group), self.batch_size):
                batch = group[start : start + self.batch_size]
                sr, hr = (
                    torch.stack(images) for images in zip(*(pairs[p] for p in batch), strict=True)
                )
                for place, score in zip(batch, self.score_batch(sr, hr).tolist(), strict=True):
                    scores[place] = score
        return scores

    def score(self, sr: Tensor, hr: Tensor) -> float:
        """Compare two images; see :class:`ImageMetric`."""
        return self.score_batch(sr[None], hr[None]).item()

    def score_batch(self, sr: Tensor, hr: Tensor) -> Tensor:
        """Compare images of one size.

        Args:
            sr (Tensor): ``(N, 3, H, W)``, float32, RGB, whole numbers in 0..255, without border.
            hr (Tensor): Likewise.

        Returns:
            Tensor: Distances ``(N,)``.
        """
        if self._model is None:  # seconds, which a run that never validates does not need
            self._model = self._build()
        model = self._model.to(sr.device)
        with torch.autocast(sr.device.type, enabled=False):
            return model(sr / 127.5 - 1, hr / 127.5 - 1).flatten()

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
        if self.bf16:
            model.net = _InBFloat16(model.net)
        return model.eval().requires_grad_(False)


class _InBFloat16(nn.Module):
    """A backbone that computes in bfloat16 and gives its maps in float32."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> list[Tensor]:
        """Give the maps."""
        with torch.autocast(images.device.type, torch.bfloat16):
            return [maps.float() for maps in self.net(images)]
