# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One phase on one batch: freeze the other nets, compute the losses, step. Needs no Runner."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from mmengine.optim import OptimWrapper
from torch import Tensor

from sr4ir_mm.errors import ConfigError, named_errors
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.phase_batch import Losses, PhaseBatch
from sr4ir_mm.utils.nets import frozen

from .optimizer_step import LossValues, backward_part, update_params
from .phase import Phase


def run_phase(
    model: SR4IR,
    phase: Phase,
    data: dict,
    optim_wrapper: Mapping[str, OptimWrapper] | None = None,
    held_back: Collection[str] = (),
) -> dict[str, float]:
    """Update the nets of a phase on one batch; not one value of any other net changes.

    Args:
        model (SR4IR): The algorithm; its nets may be in distributed wrappers.
        phase (Phase): The phase.
        data (dict): ``inputs`` and ``data_samples`` from the model's data preprocessor.
        optim_wrapper (Mapping[str, OptimWrapper], optional): By net. None back-propagates without
            a step, for a look at losses and gradients. Defaults to None.
        held_back (Collection[str]): Losses that are left out for the time being. Defaults to none.

    Returns:
        dict[str, float]: The terms, and their sum as ``loss_<nets>``; empty where all losses are
            held back.

    Raises:
        NonFiniteLossError: A term is not finite; nothing was stepped.
        ModelError: A net or a loss failed, with the phase in front.
    """
    losses = {name: images for name, images in phase.losses.items() if name not in held_back}
    if not losses:
        return {}
    wrappers = [] if optim_wrapper is None else [optim_wrapper[name] for name in phase.update]
    with named_errors(f'phase that updates {" and ".join(phase.update)}'), ExitStack() as stack:
        for name in model.net_names:
            if name not in phase.update:
                stack.enter_context(frozen(model.net(name), stochastic=name in phase.train_mode))
        batch = model.batch(**data, update=phase.update)
        log: dict[str, Tensor] = {}
        *early, last = _parts(model, phase, batch, losses)
        learnt = False
        for part in early:
            with _unsynchronised(model, phase):
                loss = _forward(model, phase, batch, part, wrappers, log)
                if loss.requires_grad:
                    backward_part(wrappers, loss)
                    learnt = True
            batch.drop_graphs()
        loss = _forward(model, phase, batch, last, wrappers, log)
        if learnt and not loss.requires_grad:
            loss = loss.new_zeros((), requires_grad=True)
        values = LossValues(log)
        if not loss.requires_grad:
            named = ', '.join(f'{name} on {" and ".join(ws)}' for name, ws in losses.items())
            raise ConfigError(
                f'its losses ({named}) do not depend on {" and ".join(phase.update)}, so there is '
                'nothing to train.'
            )
        if wrappers:
            return update_params(wrappers, loss, values)
        loss.backward()
        return values.get()


def _parts(model: SR4IR, phase: Phase, batch: PhaseBatch, losses: Losses) -> list[Losses]:
    """Split losses into those that are back-propagated together.

    One image type after the other needs the memory of one. Only a fast model does so, for sums of
    gradients are rounded otherwise. Distributed wrappers wait for the gradients of all weights in
    the last part, so there each part must have the same losses.
    """
    parts = batch.parts(losses) if model.fast else [losses]
    wrapped = any(model.net(name, wrapped=True) is not model.net(name) for name in phase.update)
    return [losses] if wrapped and len({tuple(part) for part in parts}) > 1 else parts


def _forward(
    model: SR4IR,
    phase: Phase,
    batch: PhaseBatch,
    losses: Losses,
    wrappers: Sequence[OptimWrapper],
    log: dict[str, Tensor],
) -> Tensor:
    """Compute losses in the precision, and with the accumulation, of the wrappers.

    Their sum is returned; the log gets the terms, and the sum is added to what is there.
    """
    with ExitStack() as stack:
        for name, wrapper in zip(phase.update, wrappers, strict=bool(wrappers)):
            # The net's own distributed wrapper, not the model's, whose no_sync is broken.
            stack.enter_context(wrapper.optim_context(model.net(name, wrapped=True)))
        terms = batch.terms(model.losses, losses)
    loss, values = model.parse_losses(terms)
    total = log.pop(phase.total, 0.0) + values.pop('loss').detach()
    log |= values | {phase.total: total}
    return loss


@contextmanager
def _unsynchronised(model: SR4IR, phase: Phase) -> Iterator[None]:
    """Let distributed wrappers keep gradients to themselves for the time being."""
    with ExitStack() as stack:
        for name in phase.update:
            net = model.net(name, wrapped=True)
            if hasattr(net, 'no_sync'):
                stack.enter_context(net.no_sync())  # type: ignore[operator]
        yield
