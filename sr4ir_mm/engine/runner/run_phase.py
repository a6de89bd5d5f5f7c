# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One phase on one batch: freeze the other nets, compute the losses, step. Needs no Runner."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack

from mmengine.optim import OptimWrapper
from torch import Tensor

from sr4ir_mm.errors import ConfigError, named_errors
from sr4ir_mm.models import SR4IR
from sr4ir_mm.utils.nets import frozen

from .optimizer_step import LossValues, update_params
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
        loss, values = _forward(model, phase, data, losses, wrappers)
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


def _forward(
    model: SR4IR, phase: Phase, data: dict, losses: Mapping, wrappers: Sequence[OptimWrapper]
) -> tuple[Tensor, LossValues]:
    """Compute the losses in the precision, and with the accumulation, of the wrappers."""
    with ExitStack() as stack:
        for name, wrapper in zip(phase.update, wrappers, strict=bool(wrappers)):
            # The net's own distributed wrapper, not the model's, whose no_sync is broken.
            stack.enter_context(wrapper.optim_context(model.net(name, wrapped=True)))
        terms = model.phase_losses(**data, update=phase.update, losses=losses)
    loss, log_vars = model.parse_losses(terms)
    log_vars[phase.total] = log_vars.pop('loss')
    return loss, LossValues(log_vars)
