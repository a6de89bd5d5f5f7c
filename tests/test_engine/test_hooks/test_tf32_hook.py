# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The hook sets PyTorch's two flags."""

from collections.abc import Iterator

import pytest
import torch

from sr4ir_mm.registry import HOOKS

MATMUL, CUDNN = torch.backends.cuda.matmul, torch.backends.cudnn


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = MATMUL.allow_tf32, CUDNN.allow_tf32
    yield
    MATMUL.allow_tf32, CUDNN.allow_tf32 = before


@pytest.mark.parametrize('products', [True, False])
@pytest.mark.parametrize('convolutions', [True, False])
def test_sets_both(products: bool, convolutions: bool) -> None:
    hook = dict(type='TF32Hook', products=products, convolutions=convolutions)
    HOOKS.build(hook).before_run(None)
    assert (MATMUL.allow_tf32, CUDNN.allow_tf32) == (products, convolutions)
