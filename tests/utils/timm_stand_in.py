# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A backbone with the maps of timm's EfficientNet-Lite0, which need not be installed."""

from collections.abc import Sequence

from mmengine.model import BaseModule
from mmengine.registry import MODELS
from torch import Tensor, nn

CHANNELS = (16, 24, 40, 112, 320)


@MODELS.register_module()
class TimmStandIn(BaseModule):
    """Takes the arguments of :class:`mmpretrain.TIMMBackbone` that the small benchmark uses."""

    def __init__(
        self, model_name: str, features_only: bool = False, out_indices: Sequence[int] = ()
    ) -> None:
        super().__init__()
        assert model_name == 'tf_efficientnet_lite0'
        self.out_indices = out_indices if features_only else (4,)
        self.stages = nn.ModuleList(
            nn.Sequential(nn.Conv2d(old, new, 3, 2, 1), nn.BatchNorm2d(new), nn.ReLU())
            for old, new in zip((3, *CHANNELS), CHANNELS, strict=False)
        )
        self.head = nn.Identity() if features_only else nn.Conv2d(320, 1280, 1)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        maps = []
        for index, stage in enumerate(self.stages):
            images = stage(images)
            if index in self.out_indices:
                maps.append(self.head(images))
        return tuple(maps)
