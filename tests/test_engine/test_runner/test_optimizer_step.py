# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Optimizer steps: several nets from one loss, broken losses, scaled losses."""

import pytest
import torch
from mmengine.optim import OptimWrapper

from sr4ir_mm.engine.runner.optimizer_step import LossValues, _step_scaled, update_params
from sr4ir_mm.errors import NonFiniteLossError


def nets(lr: float = 0.1) -> tuple[list[torch.nn.Parameter], list[OptimWrapper]]:
    params = [torch.nn.Parameter(torch.tensor([1.0, 2.0])) for _ in range(2)]
    return params, [OptimWrapper(torch.optim.SGD([param], lr=lr)) for param in params]


def test_one_backward_pass_steps_two_nets() -> None:
    (a, b), wrappers = nets()
    loss = (a * b).sum()
    values = update_params(wrappers, loss, LossValues({'loss_ab': loss}))
    assert values == {'loss_ab': 5.0}
    torch.testing.assert_close(a.detach(), torch.tensor([0.9, 1.8]))
    torch.testing.assert_close(b.detach(), torch.tensor([0.9, 1.8]))
    assert a.grad is None or not a.grad.any()


def test_joint_accumulation_steps_both_at_the_same_time() -> None:
    (a, b), wrappers = nets()
    for wrapper in wrappers:
        wrapper._accumulative_counts = 2
        wrapper.initialize_count_status(torch.nn.Identity(), 0, 2)
    for step in range(2):
        loss = (a * b).sum()
        update_params(wrappers, loss, LossValues({'loss': loss}))
        assert bool((a != torch.tensor([1.0, 2.0])).all()) == (step == 1)
    # Two halves of the gradient: the same step as without accumulation.
    torch.testing.assert_close(b.detach(), torch.tensor([0.9, 1.8]))


def test_a_broken_term_is_named_and_no_weight_moves() -> None:
    (a, b), wrappers = nets()
    loss = (a * b).sum()
    terms = {'loss_a': loss, 'loss_b': loss * float('inf')}
    with pytest.raises(NonFiniteLossError, match='^loss_b = inf$'):
        update_params(wrappers, loss, LossValues(terms))
    assert a.tolist() == b.tolist() == [1.0, 2.0]
    assert a.grad is None or not a.grad.any()


class ScaledWrapper(OptimWrapper):
    """What AmpOptimWrapper adds, without the GPU that it asks for."""

    def __init__(self, optimizer: torch.optim.Optimizer, scale: float) -> None:
        super().__init__(optimizer)
        self._scale_update_param = None
        self.loss_scaler = torch.amp.GradScaler('cpu', init_scale=scale, growth_interval=1)


@pytest.mark.skipif(not hasattr(torch.amp, 'GradScaler'), reason='this torch scales on GPUs only')
def test_gradients_of_one_scaled_loss_share_one_scale() -> None:
    a, b = (torch.nn.Parameter(torch.tensor([1.0, 2.0])) for _ in range(2))
    # Scales that differ, and grow at every step: each would break the other net's step.
    wrappers = [
        ScaledWrapper(torch.optim.SGD([param], lr=0.1), scale)
        for param, scale in ((a, 8.0), (b, 2.0))
    ]
    for _ in range(2):
        wrappers[0].loss_scaler.scale((a * b).sum()).backward()
        _step_scaled(wrappers)
        for wrapper in wrappers:
            wrapper.zero_grad()
    torch.testing.assert_close(a.detach(), torch.tensor([0.81, 1.62]))
    torch.testing.assert_close(b.detach(), torch.tensor([0.81, 1.62]))
    assert wrappers[0].loss_scaler is wrappers[1].loss_scaler
