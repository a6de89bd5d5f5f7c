# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""L_task of the paper: whatever the task model itself calls its losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from sr4ir_mm.registry import MODELS

if TYPE_CHECKING:
    from ..phase_batch import PhaseBatch


@MODELS.register_module()
class TaskLoss(nn.Module):
    """The task model's own losses, on images of any type, with the batch's targets."""

    def forward(self, batch: PhaseBatch, image: str) -> dict[str, Tensor]:
        """Run the task model's ``mode='loss'``.

        Args:
            batch (PhaseBatch): The batch.
            image (str): Which images: 'hr', 'sr' or 'cqmix'.

        Returns:
            dict[str, Tensor]: The library's losses and statistics, under its own names.
        """
        return batch.model.adapter.loss(
            batch.net('task'), batch.crops(image), batch.data_samples, batch.draws
        )
