# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""bfloat16 in the forward pass, fp32 in all that is kept."""

import torch
from torch import nn

from sr4ir_mm.engine.optimizers import BFloat16OptimWrapper


def test_weights_and_gradients_stay_in_fp32() -> None:
    torch.manual_seed(0)
    net = nn.Linear(64, 64)
    wrapper = BFloat16OptimWrapper(
        torch.optim.SGD(net.parameters(), lr=0.1),
        accumulative_counts=2,
        clip_grad=dict(max_norm=0.5),
    )
    wrapper.initialize_count_status(net, 0, 4)
    start, exact = net.weight.detach().clone(), nn.Linear(64, 64)
    exact.load_state_dict(net.state_dict())
    images = torch.randn(8, 64)
    for step in range(2):
        with wrapper.optim_context(net):
            out = net(images)
            assert out.dtype == torch.bfloat16
        wrapper.update_params(out.float().square().mean())
        assert torch.equal(net.weight, start) == (step == 0)
    assert net.weight.dtype == torch.float32
    exact(images).square().mean().backward()
    norm = torch.cat([param.grad.flatten() for param in exact.parameters()]).norm()
    expected = start - 0.1 * exact.weight.grad * (0.5 / norm).clamp(max=1)
    moved = (expected - start).abs().max()
    torch.testing.assert_close(net.weight, expected, atol=0.03 * float(moved), rtol=0)
