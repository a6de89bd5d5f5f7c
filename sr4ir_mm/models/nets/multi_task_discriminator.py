# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The discriminator of SOD-MTGAN, whose second task is the task."""

from collections.abc import Sequence
from typing import Any

from mmengine.model import BaseModule
from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

from ..build_net import NetConfig, build_net
from ..task_adapters import find_adapter


@MODELS.register_module()
class MultiTaskDiscriminator(BaseModule):
    """A task model of any library, with a further head that tells HR images from restored ones.

    Args:
        task (str | dict): The task model; see :func:`build_net`. Its own heads are the task heads
            of SOD-MTGAN.
        in_channels (int): Channels of the last map that it extracts, which the new head sees.
    """

    def __init__(self, task: NetConfig, in_channels: int) -> None:
        super().__init__()
        self.net: Any
        self.net, self.scope = build_net(task, 'MultiTaskDiscriminator.task')
        self.realness = nn.Conv2d(in_channels, 1, 1)

    @property
    def data_preprocessor(self) -> nn.Module:
        """nn.Module: The task model's."""
        return self.net.data_preprocessor

    def extract_feat(self, inputs: Tensor) -> Tensor | Sequence[Tensor]:
        """Run the task model's extractor."""
        adapter = find_adapter(self.scope, 'MultiTaskDiscriminator.task')(self.net)
        return adapter.extract_feat(inputs)

    def forward(
        self, inputs: Tensor, data_samples: list | None = None, mode: str = 'tensor'
    ) -> Any:
        """Tell how real images are, or do what the task model does.

        Args:
            inputs (Tensor): ``(N, 3, H, W)``, as the task model's preprocessor gives them.
            data_samples (list, optional): For the task model. Defaults to None.
            mode (str): 'realness', or a mode of the task model. Defaults to 'tensor'.

        Returns:
            Any: Of 'realness', logits ``(N, 1)``, positive for HR; else what the task model gives.
        """
        if mode != 'realness':
            return self.net(inputs, data_samples, mode=mode)
        feats = self.extract_feat(inputs)
        last = feats if isinstance(feats, Tensor) else feats[-1]
        return self.realness(last).mean((2, 3))
