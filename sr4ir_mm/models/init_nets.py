# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What nets start from: the libraries' own initialisation, then ``model.init``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from torch import nn

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.errors import CheckpointError, ConfigError


class HasNets(Protocol):
    """A model with nets by name."""

    net_names: tuple[str, ...]

    def net(self, name: str) -> nn.Module:
        """Give a net."""


def check_init(init: Mapping[str, str], known: Sequence[str]) -> None:
    """Compare the keys of ``model.init`` with the nets that there may be.

    Raises:
        ConfigError: One is of no net.
    """
    for name in init:
        if name.partition('.')[0] not in known:
            raise ConfigError(
                f'model.init names {name!r}: its keys are {", ".join(known)} or parts of them, '
                "such as 'task.backbone'."
            )


@contextmanager
def named_downloads(model: nn.Module) -> Iterator[None]:
    """Name the weights that a library's initialisation wants, where it cannot get them.

    Raises:
        CheckpointError: A file is missing, or a download fails.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:  # a download without a network ends in these
        configs = [getattr(module, 'init_cfg', None) for module in model.modules()]
        named = {str(cfg['checkpoint']) for cfg in configs if cfg and 'checkpoint' in cfg}
        raise CheckpointError(
            'Weights that a net starts from are not available: '
            f'{", ".join(sorted(named)) or "none named"} ({error}). Name a file with '
            "init_cfg=dict(type='Pretrained', checkpoint=PATH) where the net has that name, or set "
            'that init_cfg to None.'
        ) from error


def load_init(model: HasNets, init: Mapping[str, str]) -> None:
    """Load what ``model.init`` names.

    Args:
        model (HasNets): The algorithm.
        init (Mapping[str, str]): A net, or a part of one such as 'task.backbone', to its source.

    Raises:
        CheckpointError: A source is missing or does not fit.
        ConfigError: There is no such net or part.
    """
    for name, source in init.items():
        net, _, part = name.partition('.')
        if net not in model.net_names:
            raise ConfigError(f'model.init names {name!r}, but model.{net} is None.')
        try:
            module = model.net(net).get_submodule(part)
        except AttributeError as error:
            raise ConfigError(f'model.init names {name!r}, but {error}.') from error
        init_net_from(module, source, name)
