# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What nets start from: the libraries' own initialisation, then ``model.init``."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from mmengine.logging import print_log
from torch import nn

from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.utils.spelling import suggest

from .pretrained import pretrained_parts


class HasNets(Protocol):
    """A model with nets by name."""

    net_names: tuple[str, ...]

    def net(self, name: str) -> nn.Module:
        """Give a net."""


def check_init(init: Iterable[str], known: Sequence[str]) -> None:
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
def named_weights(model: HasNets) -> Iterator[None]:
    """Name the weights that a library's initialisation wants, where it cannot get them.

    Raises:
        CheckpointError: A file is missing, or a download fails.
    """
    wanted = {
        f'{name}.{part}'.rstrip('.'): source
        for name in model.net_names
        for part, source in pretrained_parts(model.net(name))
    }
    try:
        yield
    except (OSError, RuntimeError) as error:  # a download without a network ends in these
        if not wanted:
            raise
        keys = ', '.join(f'model.{key}.init_cfg ({source})' for key, source in wanted.items())
        raise CheckpointError(
            f'Weights that a net starts from are not available: {keys}: {str(error).rstrip(".")}. '
            f'Name a file, model.init = {{{next(iter(wanted))!r}: PATH}}, or start from scratch, '
            'model.init = None.'
        ) from error


def warn_of_untrained(model: HasNets, init: Mapping[str, object]) -> None:
    """Warn of parts that start at random and are never trained.

    Libraries freeze first stages, and the statistics of batch norm, for weights that were trained
    before. A net from scratch then learns behind layers that stay as they were drawn.

    Args:
        model (HasNets): The algorithm, before its weights are loaded.
        init (Mapping[str, object]): What is loaded, by part of the model.
    """
    for name in model.net_names:
        trained = [part for part, _ in pretrained_parts(model.net(name))]
        trained += [key.partition('.')[2] for key in init if key.partition('.')[0] == name]
        for part, module in model.net(name).named_modules():
            if any(_within(part, other) for other in trained):
                continue
            frozen = dict(frozen_stages=getattr(module, 'frozen_stages', -1))
            frozen['norm_eval'] = getattr(module, 'norm_eval', False)
            if (isinstance(frozen['frozen_stages'], int) and frozen['frozen_stages'] >= 0) or (
                frozen['norm_eval'] is True
            ):
                key = f'{name}.{part}'.rstrip('.')
                print_log(
                    f'model.{key} starts from scratch, but parts of it are not trained: '
                    f'frozen_stages = {frozen["frozen_stages"]}, norm_eval = '
                    f'{frozen["norm_eval"]}. Set them to -1 and False (as keys of model.{key}), '
                    f'or name weights: model.init = {{{key!r}: FILE}}.',
                    logger='current',
                    level=logging.WARNING,
                )


def _within(part: str, other: str) -> bool:
    return not other or part == other or part.startswith(f'{other}.')


def find_parts(model: HasNets, init: Mapping[str, str | None]) -> list[tuple[str, nn.Module, str]]:
    """Find what ``model.init`` names, before anything is downloaded.

    Args:
        model (HasNets): The algorithm.
        init (Mapping[str, str | None]): A net, or a part of one such as 'task.backbone', to its
            source, or to None, which starts it from scratch.

    Returns:
        list[tuple[str, nn.Module, str]]: Of each that has a source: name, module, source.

    Raises:
        ConfigError: There is no such net or part.
    """
    parts = []
    for name, source in init.items():
        if source is None:
            continue
        net, _, part = name.partition('.')
        if net not in model.net_names:
            raise ConfigError(f'model.init names {name!r}, but model.{net} is None.')
        modules = dict(model.net(net).named_modules())
        if part not in modules:
            raise ConfigError(
                f'model.init names {name!r}, but model.{net} has no such part; '
                f'{suggest(part, set(modules) - {""})}'
            )
        parts.append((name, modules[part], source))
    return parts
