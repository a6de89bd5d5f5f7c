# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which nets train follows from the phases, and from nothing else."""

from collections.abc import Mapping, Sequence

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models import SR4IR

from .phase import Phase

NETS = ('sr', 'task')  # a config may have wrappers for these though the setting lacks the net


def trained_nets(phases: Sequence[Phase]) -> list[str]:
    """Name the nets that some phase updates, in the order of the phases."""
    return list(dict.fromkeys(name for phase in phases for name in phase.update))


def release_untrained(model: SR4IR, phases: Sequence[Phase]) -> None:
    """Free nets that no phase updates of their distributed wrapper and its buffers.

    Raises:
        ConfigError: A phase updates a net that has nothing to train.
    """
    trained = trained_nets(phases)
    for name in model.net_names:
        net = model.net(name)
        if name not in trained:
            setattr(model, name, net)
        elif not any(param.requires_grad for param in net.parameters()):
            raise ConfigError(
                f'A phase updates model.{name}, which has nothing to train: {type(net).__name__} '
                'has no parameters or froze all.'
            )


def wrappers_of_trained(optim_wrapper: Mapping, model: SR4IR, phases: Sequence[Phase]) -> Mapping:
    """Leave the optimizers of nets that no phase updates out of a config.

    Args:
        optim_wrapper (Mapping): Net name to the config of its wrapper, and what is for all; one
            that is built already is left alone.
        model (SR4IR): The algorithm.
        phases (Sequence[Phase]): The setting.

    Raises:
        ConfigError: A net that is trained has no wrapper, or a wrapper is for no net.
    """
    if not isinstance(optim_wrapper, dict):
        return optim_wrapper
    entries = [name for name, cfg in optim_wrapper.items() if isinstance(cfg, dict)]
    trained = trained_nets(phases)
    for name in trained:
        if name not in entries:
            raise ConfigError(
                f'A phase updates model.{name}, but optim_wrapper has no entry {name!r}; it has '
                f'{", ".join(entries)}.'
            )
    for name in entries:
        if name not in (*NETS, *model.net_names):
            raise ConfigError(
                f'optim_wrapper.{name} is for no net: the model has {", ".join(model.net_names)}.'
            )
    dropped = set(entries) - set(trained)
    return type(optim_wrapper)({k: v for k, v in optim_wrapper.items() if k not in dropped})
