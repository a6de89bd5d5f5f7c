# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""L_task of the paper: whatever the task model itself calls its losses."""

from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

from ..phase_batch import PhaseBatch


@MODELS.register_module()
class TaskLoss(nn.Module):
    """A task model's own losses, on images of any type, with the batch's targets.

    Args:
        net (str): Which net of the model. Defaults to 'task'.
    """

    def __init__(self, net: str = 'task') -> None:
        super().__init__()
        self.net = net

    def forward(self, batch: PhaseBatch, image: str) -> dict[str, Tensor]:
        """Run the task model's ``mode='loss'``.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images: 'hr', 'sr' or 'cqmix'.

        Returns:
            dict[str, Tensor]: The library's losses and statistics, under its own names.
        """
        return batch.net(self.net).loss(image)
