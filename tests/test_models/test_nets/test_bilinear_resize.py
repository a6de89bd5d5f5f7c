# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The detector's resize as matrix products, for runtimes that round coordinates differently."""

import pytest
import torch
import torch.nn.functional as F

from sr4ir_mm.models.nets.bilinear_resize import _weights, resize, resize_by_matrices


@pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() == 'DEFAULT', reason='PyTorch rounds twice here'
)
@pytest.mark.parametrize(
    ('old', 'new'), [(375, 799), (500, 1066), (376, 800), (500, 1333), (61, 90), (90, 61), (1, 5)]
)
def test_weights_are_pytorchs_to_the_bit(old: int, new: int) -> None:
    pixels = torch.eye(old)[None]  # each one alone
    expected = F.interpolate(pixels, new, mode='linear')[0].T
    assert torch.equal(torch.from_numpy(_weights(old, new)), expected)


def test_products_are_the_resize() -> None:
    torch.manual_seed(0)
    images = torch.randn(2, 3, 188, 250)
    found, expected = (make(images, (799, 1062)) for make in (resize_by_matrices, resize))
    torch.testing.assert_close(found, expected, atol=2e-6, rtol=0)
    # Coordinates that are rounded in another way are seen by that bound.
    rounded = resize(images.double(), (799, 1062)).float()
    assert (rounded - expected).abs().max() > 2e-5
