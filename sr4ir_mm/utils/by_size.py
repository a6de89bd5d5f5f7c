# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images of several sizes, those of one size at once."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def map_by_size(function: Callable[[Tensor], Tensor], images: Sequence[Tensor]) -> list[Tensor]:
    """Apply a function of batches to images, so that kernels grow with the sizes, not the images.

    Args:
        function (Callable): Takes and gives a batch, ``(n, C, H, W)``, image by image the same.
        images (Sequence[Tensor]): Each ``(C, H_i, W_i)``.

    Returns:
        list[Tensor]: What it makes of each image, in their order.
    """
    places = defaultdict(list)
    for place, image in enumerate(images):
        places[image.shape].append(place)
    results: dict[int, Tensor] = {}
    for group in places.values():
        results.update(zip(group, function(torch.stack([images[p] for p in group])), strict=True))
    return [results[place] for place in range(len(images))]
