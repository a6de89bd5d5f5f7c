# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The perceptual loss of a fixed ImageNet VGG (Table 6 (A) of the paper)."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from sr4ir_mm.checkpoints import check_state_dict, load_state_dict
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS

from ..feature_taps import FeatureTaps
from ..phase_batch import PhaseBatch
from .feature_distance import feature_distance

LAYERS = {'vgg11': 'A', 'vgg13': 'B', 'vgg16': 'D', 'vgg19': 'E'}  # torchvision's letters
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@MODELS.register_module()
class VGGLoss(nn.Module):
    """TDP's distance in the features of a VGG that is never trained.

    Args:
        layer_weights (Mapping[str, float]): Layers of ``features`` and their weights. The paper
            does not say which; '34', before the last ReLU of VGG19, is what SR nets are commonly
            trained with. Defaults to {'34': 1.0}.
        vgg_type (str): As torchvision calls it. Defaults to 'vgg19'.
        weights (str): torchvision's weights: a file, or 'torchvision://vgg19', which is downloaded.

    Raises:
        ConfigError: There is no such VGG or layer.

    Attributes:
        reference (str): The images that others are compared with.
    """

    reference = 'hr'

    def __init__(
        self,
        layer_weights: Mapping[str, float] | None = None,
        vgg_type: str = 'vgg19',
        weights: str = 'torchvision://vgg19',
    ) -> None:
        super().__init__()
        if vgg_type not in LAYERS:
            raise ConfigError(f'VGGLoss: vgg_type is {vgg_type!r}, not one of {", ".join(LAYERS)}.')
        # Here, for torchvision brings PyTorch's compiler along, which other runs need not load.
        from torchvision.models.vgg import cfgs, make_layers

        layer_weights = dict(layer_weights or {'34': 1.0})
        # Without numbers yet: they draw nothing at random, and lie in no checkpoint.
        with torch.device('meta'):
            vgg = make_layers(cfgs[LAYERS[vgg_type]])
        taps = FeatureTaps(vgg, tuple(layer_weights))
        self._vgg = [vgg[: max(map(int, layer_weights)) + 1].eval().requires_grad_(False)]
        self._taps = taps
        self._layer_weights = tuple(layer_weights.values())
        self.weights: str | None = weights

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'; RGB in [0, 1], as VGG's normalisation expects.

        Returns:
            Tensor: A scalar.

        Raises:
            CheckpointError: The weights are not available or do not fit.
        """
        feats, targets = (self._features(batch.image(name)) for name in (image, 'hr'))
        return feature_distance(feats, targets, self._layer_weights)

    def _features(self, images: Tensor) -> tuple[Tensor, ...]:
        (vgg,) = self._vgg
        if self.weights is not None:
            self._load(vgg, self.weights)
            vgg.to(images.device)
            self.weights = None
        mean, std = (images.new_tensor(values).view(3, 1, 1) for values in (MEAN, STD))
        return self._taps(lambda: vgg((images - mean) / std))

    @staticmethod
    def _load(vgg: nn.Module, path: str) -> None:
        state = load_state_dict(path, 'model.losses.vgg.weights')
        named = {key: state.get(f'features.{key}') for key in vgg.state_dict()}
        own = {key: value.float() for key, value in named.items() if value is not None}
        check_state_dict(vgg, own, f'{path}, for model.losses.vgg')
        vgg.load_state_dict(own, assign=True)
