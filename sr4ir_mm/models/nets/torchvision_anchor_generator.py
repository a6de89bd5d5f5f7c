# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The anchors of the paper's detector (torchvision's)."""

from collections.abc import Sequence
from copy import copy

import torch
from mmdet.models.task_modules.prior_generators import AnchorGenerator
from torch import Tensor

from sr4ir_mm.registry import TASK_UTILS


@TASK_UTILS.register_module()
class TorchvisionAnchorGenerator(AnchorGenerator):
    """Anchors of whole pixels, whose distance is what the size of each map makes it.

    A level's stride is the padded image's side divided by the map's, rounded down: of 800 pixels
    in 13 cells it is 61, not 64. The first level must divide the padded image evenly, so that its
    map and its nominal stride tell the image's size; the preprocessor's divisor takes care of that.
    Arguments are mmdet's; of ``strides``, only the first one counts.
    """

    def gen_single_level_base_anchors(
        self,
        base_size: float,
        scales: Tensor,
        ratios: Tensor,
        center: tuple[float, float] | None = None,
    ) -> Tensor:
        """Make the anchors of one cell, ``(A, 4)``, and round them to whole pixels."""
        return super().gen_single_level_base_anchors(base_size, scales, ratios, center).round()

    def grid_priors(
        self,
        featmap_sizes: Sequence[tuple[int, int]],
        dtype: torch.dtype = torch.float32,
        device: str | torch.device = 'cuda',
    ) -> list[Tensor]:
        """Make the anchors of all levels.

        Args:
            featmap_sizes (Sequence[tuple[int, int]]): (height, width) of each level's map.
            dtype (torch.dtype): Of the anchors. Defaults to torch.float32.
            device (str | torch.device): Of the anchors. Defaults to 'cuda'.

        Returns:
            list[Tensor]: Of each level ``(height * width * A, 4)``, pixels, as x1, y1, x2, y2.
        """
        step_x, step_y = self.strides[0]
        height, width = featmap_sizes[0][0] * step_y, featmap_sizes[0][1] * step_x
        fitted = copy(self)
        fitted.strides = [(width // cols, height // rows) for rows, cols in featmap_sizes]
        return super(TorchvisionAnchorGenerator, fitted).grid_priors(featmap_sizes, dtype, device)

    def valid_flags(
        self,
        featmap_sizes: Sequence[tuple[int, int]],
        pad_shape: tuple[int, ...],
        device: str | torch.device = 'cuda',
    ) -> list[Tensor]:
        """Call all anchors valid, those in a smaller image's padding too."""
        return [
            torch.ones(rows * cols * anchors, dtype=torch.bool, device=device)
            for (rows, cols), anchors in zip(featmap_sizes, self.num_base_priors, strict=True)
        ]
