# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
import pytest
import torch
from torch import Tensor

from sr4ir_mm.models.nets.frozen_mobilenet_v3 import FrozenBatchNorm


def random_norm() -> FrozenBatchNorm:
    """Make a layer of three channels, none of them a mere copy."""
    norm, generator = FrozenBatchNorm(3), torch.Generator().manual_seed(0)
    for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        values.copy_(torch.rand(3, generator=generator) + 0.5)
    return norm


def expected(norm: FrozenBatchNorm, images: Tensor) -> Tensor:
    """Compute it in fp64, from the definition."""
    mean, var, weight, bias = (
        values.double()[:, None, None]
        for values in (norm.running_mean, norm.running_var, norm.weight, norm.bias)
    )
    return (images.double() - mean) / (var + norm.eps).sqrt() * weight + bias


@pytest.mark.parametrize(
    ('dtype', 'tolerance'), [(torch.float32, 1e-6), (torch.bfloat16, 2e-2), (torch.float16, 2e-3)]
)
def test_scales_and_shifts_in_the_numbers_of_the_input(
    dtype: torch.dtype, tolerance: float
) -> None:
    norm = random_norm()
    images = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(1)).to(dtype)
    output = norm(images)
    assert output.dtype == dtype
    torch.testing.assert_close(
        output.double(), expected(norm, images), rtol=tolerance, atol=tolerance
    )


def test_never_learns() -> None:
    norm = random_norm()
    before = {name: value.clone() for name, value in norm.state_dict().items()}
    norm.train()(torch.randn(2, 3, 4, 5))
    assert not list(norm.parameters())
    for name, value in norm.state_dict().items():
        assert torch.equal(value, before[name])
