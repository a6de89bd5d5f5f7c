# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One optimizer step of one phase, which a broken loss never reaches."""

from collections.abc import Mapping, Sequence

import torch
import torch.distributed as dist
from mmengine.optim import AmpOptimWrapper, OptimWrapper
from torch import Tensor

from sr4ir_mm.errors import NonFiniteLossError


class LossValues:
    """Loss terms on their way to the host, while the device goes on with the backward pass.

    One transfer for each phase serves the log and the check. It is queued before the backward
    pass, so waiting for it waits for the forward pass alone, which is over by then.

    Args:
        terms (Mapping[str, Tensor]): Scalars.
    """

    def __init__(self, terms: Mapping[str, Tensor]) -> None:
        self.names = list(terms)
        with torch.no_grad():
            packed = torch.stack([term.detach().float() for term in terms.values()])
            bad = (~torch.isfinite(packed)).any().float()[None]
            if dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1:
                # All processes must stop at the same step, or the others would wait forever.
                dist.all_reduce(bad, op=dist.ReduceOp.MAX)
            self._host = torch.cat([packed, bad]).to('cpu', non_blocking=True)
        self._event = torch.cuda.Event() if packed.is_cuda else None
        if self._event:
            self._event.record()

    def get(self) -> dict[str, float]:
        """Give the values.

        Raises:
            NonFiniteLossError: One is NaN or infinite, here or in another process.
        """
        if self._event:
            self._event.synchronize()
        *values, bad = self._host.tolist()
        named = dict(zip(self.names, values, strict=True))
        if bad:
            broken = [f'{k} = {v}' for k, v in named.items() if not abs(v) < float('inf')]
            raise NonFiniteLossError(', '.join(broken) or 'a loss of another process')
        return named


def backward_part(wrappers: Sequence[OptimWrapper], loss: Tensor) -> None:
    """Back-propagate a part of a loss, the rest of which :func:`update_params` gets.

    Args:
        wrappers (Sequence[OptimWrapper]): The optimizers of the nets that are updated; without any
            the gradients are as they are.
        loss (Tensor): A scalar.
    """
    if not wrappers:
        loss.backward()
        return
    first = wrappers[0]
    first.backward(first.scale_loss(loss))
    first._inner_count -= 1  # all parts count as one backward pass


def update_params(wrappers: Sequence[OptimWrapper], loss: Tensor, values: LossValues) -> dict:
    """Back-propagate one loss into one or more nets, then step their optimizers.

    Args:
        wrappers (Sequence[OptimWrapper]): The optimizers of the nets that are updated.
        loss (Tensor): The scalar to minimise.
        values (LossValues): The terms; a broken one is found before any weight changes.

    Returns:
        dict[str, float]: The terms' values.

    Raises:
        NonFiniteLossError: A term is not finite; gradients of this loss are dropped.
    """
    first, *rest = wrappers
    first.backward(first.scale_loss(loss))
    for wrapper in rest:
        # The gradients are there already: a loss of zero only advances the count.
        wrapper.backward(loss.new_zeros((), requires_grad=True))
    try:
        named = values.get()
    except NonFiniteLossError:
        for wrapper in wrappers:
            wrapper.zero_grad()
        raise
    if first.should_update():
        if rest and isinstance(first, AmpOptimWrapper):
            _step_scaled(wrappers)
        else:
            for wrapper in wrappers:
                wrapper.step()
        for wrapper in wrappers:
            wrapper.zero_grad()
    return named


def _step_scaled(wrappers: Sequence[AmpOptimWrapper]) -> None:
    """Step several nets from one scaled loss.

    ``AmpOptimWrapper.step`` updates its scaler after each optimizer; gradients of one loss share
    one scale, so it may change only after the last.
    """
    scaler = wrappers[0].loss_scaler
    for wrapper in wrappers:
        scaler.unscale_(wrapper.optimizer)
        if wrapper.clip_grad_kwargs:
            wrapper._clip_grad()
        scaler.step(wrapper.optimizer)
    scaler.update(wrappers[0]._scale_update_param)
    for wrapper in wrappers[1:]:
        wrapper.loss_scaler = scaler
