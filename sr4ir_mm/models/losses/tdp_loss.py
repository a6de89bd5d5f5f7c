# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The task-driven perceptual (TDP) loss, Eq. 2 of the paper."""

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.check_number import check_number

from ..feature_taps import FeatureTaps
from ..phase_batch import PhaseBatch
from .feature_distance import feature_distance


@MODELS.register_module()
class TDPLoss(nn.Module):
    """Distance of restored and HR images in the features of the task net itself.

    ``sum_k w_k * mean|F_k(I_SR) - F_k(I_HR)|``: F runs in eval mode (running statistics, no
    dropout) and without its heads.

    Args:
        layers (Sequence[int | str]): The features F_k: positions in what the task model's
            ``extract_feat`` returns, or names of its submodules. Defaults to (-1,).
        weights (Sequence[float], optional): The w_k; None shares 1 equally. Defaults to None.
        net (str): Whose features. Defaults to 'task'; the paper's Table 6 (B) takes those of a net
            that was trained on HR images and is fixed.
        object_weight (float): How much more places within objects (boxes, masks or labels other
            than the first class) count than others. Defaults to 1.0, all places alike.

    Raises:
        ConfigError: Layers and weights differ in number, or a weight is negative.

    Examples:
        >>> # the paper's detection: the two FPN maps, at 0.5 each
        >>> tdp = dict(type='TDPLoss', layers=(0, 1), weights=(0.5, 0.5))

    Attributes:
        reference (str): The images that others are compared with.
    """

    reference = 'hr'

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
                f'TDPLoss: layers {self.layers} and weights {weights} must be of one length, at '
                'least one; weights=None shares 1 equally.'
            )
        for weight in weights or ():
            check_number(weight, 'TDPLoss: each of weights', least=0)
        self.weights = None if weights is None else tuple(weights)

    def check(self, nets: Mapping[str, nn.Module]) -> None:
        """Find a layer that does not exist when the model is built, not after the warm-up.

        Raises:
            ConfigError: The task net has no such layer.
        """
        if self.net in nets:
            FeatureTaps(nets[self.net], self.layers)

    def forward(self, batch: PhaseBatch, image: str) -> Tensor:
        """Compare images with HR images in the task net's features.

        The HR side needs no graph, and has none while the net is frozen: nothing that it is
        computed from asks for a gradient.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images, usually 'sr'.

        Returns:
            Tensor: A scalar; its gradient reaches the images.

        Raises:
            ConfigError: The layers give other maps than there are weights.
        """
        net = batch.net(self.net)
        feats, targets = (net.features(name, self.layers) for name in (image, 'hr'))
        object_mask = None if self.object_weight == 1 else net.object_mask()
        return feature_distance(feats, targets, self.weights, object_mask, self.object_weight)
