# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where LPIPS finds the ImageNet weights of its backbone."""

import os
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.hub import download_url_to_file

from sr4ir_mm.checkpoints import read_checkpoint
from sr4ir_mm.errors import CheckpointError

ENVIRONMENT = 'SR4IR_LPIPS_WEIGHTS'
URL = 'https://download.pytorch.org/models/'


class Backbone(NamedTuple):
    """A torchvision net that LPIPS knows.

    Attributes:
        file (str): Name of torchvision's weights.
        convolutions (tuple[int, ...]): Indices in its ``features``.
        min_size (int): Least image side, in pixels.
    """

    file: str
    convolutions: tuple[int, ...]
    min_size: int


BACKBONES = dict(
    vgg=Backbone(
        'vgg16-397923af.pth', (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28), min_size=16
    ),
    alex=Backbone('alexnet-owt-7be5be79.pth', (0, 3, 6, 8, 10), min_size=31),
)


def load_backbone(net: str, weights: str | None = None) -> tuple[dict[str, Tensor], Path]:
    """Read the convolutions of a backbone.

    Args:
        net (str): 'vgg' or 'alex'.
        weights (str, optional): A file; see :class:`LPIPS` for what is tried without one.
            Defaults to None.

    Returns:
        tuple[dict[str, Tensor], Path]: float32 tensors by index and name, such as '0.weight',
            and the file they come from.

    Raises:
        CheckpointError: There is no such file, it cannot be read or is of another net.
    """
    path = find_weights(net, weights) or _download(net)
    try:
        state = read_checkpoint(path)
    except CheckpointError as error:
        raise CheckpointError(f'LPIPS: {error} {_how_to(net)}') from error
    names = [
        f'{index}.{kind}' for index in BACKBONES[net].convolutions for kind in ('weight', 'bias')
    ]
    missing = [name for name in names if f'features.{name}' not in state]
    if missing:
        raise CheckpointError(
            f'LPIPS weights {path} are not those of net={net!r}: they lack features.{missing[0]}. '
            f'{_how_to(net)}'
        )
    return {name: state[f'features.{name}'].float() for name in names}, path


def find_weights(net: str, weights: str | None = None) -> Path | None:
    """Look for the weights' file where it may be, without a download.

    Args:
        net (str): 'vgg' or 'alex'.
        weights (str, optional): A file. Defaults to None: the environment's, then the cache's.

    Returns:
        Path | None: The file, if there is one.

    Raises:
        CheckpointError: A file is named that does not exist.
    """
    for source, value in (('weights', weights), (ENVIRONMENT, os.environ.get(ENVIRONMENT))):
        if value:
            path = Path(value).expanduser()
            if not path.is_file():
                raise CheckpointError(
                    f'LPIPS: {source} names {value}, which is not a file. {_how_to(net)}'
                )
            return path
    path = _cached(net)
    return path if path.is_file() else None


def _download(net: str) -> Path:
    path = _cached(net)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        hash_prefix = path.stem.rsplit('-', 1)[1]
        download_url_to_file(f'{URL}{path.name}', str(path), hash_prefix)
    except (OSError, RuntimeError) as error:
        raise CheckpointError(
            f'LPIPS: there are no weights at {path} and they cannot be downloaded ({error}). '
            f'{_how_to(net)}'
        ) from error
    return path


def _cached(net: str) -> Path:
    return Path(torch.hub.get_dir(), 'checkpoints', BACKBONES[net].file)


def _how_to(net: str) -> str:
    return (
        f'Get {URL}{BACKBONES[net].file} on a machine with a network and put it at '
        f'{_cached(net)}, or name its place by LPIPS(weights=PATH) in the evaluator or by the '
        f'environment variable {ENVIRONMENT}; or leave it out: --without LPIPS.'
    )
