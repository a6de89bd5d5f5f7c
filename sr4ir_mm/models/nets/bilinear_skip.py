# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Any SR net beside bilinear up-sampling, for nets that start without published weights."""

from collections.abc import Mapping

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.conv import _ConvNd

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.nets import eval_mode

from ..build_net import NetConfig, build_net
from ..windows import window_of


@MODELS.register_module()
class BilinearSkip(BaseModule):
    """Add bilinear up-sampling to what an SR net gives, so that the net makes the rest alone.

    Trained from scratch, such a net begins at images that the task net can read. Initialised, it
    gives the up-sampled images exactly: its last convolution starts at zero, and what is left, the
    mean of its data set, is measured and subtracted from then on.

    Weights that were trained without the skip make whole images and do not fit; nor do their
    names, for ``net.`` is in front. Weights of a rest go in by ``model.init = {'sr.net': FILE}``.

    Args:
        net (str | dict): The SR net, of any library; see :func:`build_net`.

    Raises:
        ConfigError: There is no net. Or, initialised, it gives no images of three channels, or
            not one colour: it has a skip of its own, or does not end with its last convolution.

    Examples:
        >>> net = dict(type='mmagic.EDSRNet', in_channels=3, out_channels=3, upscale_factor=8)
        >>> sr = dict(type='BilinearSkip', net=net)
    """

    mean: Tensor

    def __init__(self, net: NetConfig) -> None:
        super().__init__()
        if not isinstance(net, (str, Mapping)) or not net:
            raise ConfigError(
                f'model.sr.net = {net!r}: it must be the SR net beside the skip, as a dict with a '
                'type.'
            )
        self.net = build_net(net, 'model.sr.net')[0]
        self.register_buffer('mean', torch.zeros(1, 3, 1, 1))

    @property
    def window_size(self) -> int:
        """int: The net's; see :func:`window_of`."""
        return window_of(self.net)

    def init_weights(self) -> None:
        """Initialise the net as its library does, then let it begin at nothing."""
        super().init_weights()
        convs = [module for module in self.net.modules() if isinstance(module, _ConvNd)]
        for param in convs[-1].parameters() if convs else ():
            nn.init.zeros_(param)
        with torch.no_grad(), eval_mode(self.net):
            start = self.net(torch.linspace(0, 1, 3 * 32 * 32).view(1, 3, 32, 32).to(self.mean))
        if start.shape[:2] != self.mean.shape[:2]:
            raise ConfigError(
                f'model.sr.net: {type(self.net).__name__} turns an image of (1, 3, 32, 32) into '
                f'{tuple(start.shape)}: an SR net gives three channels.'
            )
        self.mean.copy_(start.mean((2, 3), keepdim=True))
        if not torch.allclose(start, self.mean.expand_as(start), atol=1e-5):
            raise ConfigError(
                f'model.sr.net: {type(self.net).__name__} gives an image even where its last '
                'convolution is zero. It has a skip of its own, or does not end there: use it '
                'without BilinearSkip.'
            )

    def forward(self, lr: Tensor) -> Tensor:
        """Restore ``(N, 3, h, w)`` as ``(N, 3, H, W)``, RGB in [0, 1], at the net's scale."""
        rest = self.net(lr) - self.mean
        return F.interpolate(lr, rest.shape[-2:], mode='bilinear') + rest
