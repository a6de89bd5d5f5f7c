# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images of one size are handled at once, and come back in their order."""

import torch
from torch import Tensor

from sr4ir_mm.utils.by_size import map_by_size

SIZES = ((4, 6), (5, 6), (4, 6), (6, 5), (4, 6))


def test_calls_once_for_each_size_and_keeps_the_order() -> None:
    images = [torch.rand(3, *size, requires_grad=True) for size in SIZES]
    seen = []

    def double(batch: Tensor) -> Tensor:
        seen.append(tuple(batch.shape))
        return 2 * batch

    results = map_by_size(double, images)
    assert seen == [(3, 3, 4, 6), (1, 3, 5, 6), (1, 3, 6, 5)]
    for image, result in zip(images, results, strict=True):
        assert torch.equal(result, 2 * image)
    results[2].sum().backward()
    grad = images[2].grad
    assert grad is not None
    assert (grad == 2).all()
    assert map_by_size(double, []) == []
