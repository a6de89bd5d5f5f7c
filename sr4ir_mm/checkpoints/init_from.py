# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Start a net from a checkpoint, strictly."""

import os.path as osp

from mmengine.logging import print_log
from mmengine.runner.checkpoint import CheckpointLoader
from torch import Tensor, nn

from sr4ir_mm.errors import CheckpointError

from .converters import recognise, to_mm


def init_net_from(net: nn.Module, source: str, name: str) -> None:
    """Load a net's weights from a run or from a file.

    Args:
        net (nn.Module): The net, ``model.<name>``.
        source (str): A work dir of ours, of which the last checkpoint is taken, or a checkpoint
            file: of a whole model of ours (its part ``<name>.`` is taken), of a library's (of an
            mmpretrain classifier the part ``backbone.``, of an mmagic model ``generator.``), of
            the net alone, or in a published form that :mod:`sr4ir_mm.checkpoints.converters` knows.
        name (str): 'sr', 'task', or a part of one, such as 'task.backbone'.

    Raises:
        CheckpointError: There is nothing, or it does not fit; the message says what to do.
    """
    path = _find(source, name)
    state = load_state_dict(path, f'model.init.{name}')
    form = recognise(state)
    if form is not None and (form.net == 'sr') == (name.partition('.')[0] == 'sr'):
        state = to_mm(form, state, path)
        print_log(f'model.{name} starts from {path}: {form.name}.', logger='current')
    prefixes = [f'{name}.', f'{name.rpartition(".")[2]}.', 'generator.']
    if name != 'sr':  # a further net may start from the task net of another run
        prefixes.append('task.')
    for prefix in prefixes:
        part = {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
        if part:
            state = part
            break
    check_state_dict(net, state, f'{path}, for model.{name} ({type(net).__name__})')
    net.load_state_dict(state)


def load_state_dict(path: str, key: str) -> dict[str, Tensor]:
    """Read a checkpoint's weights, wherever they are in it.

    Raises:
        CheckpointError: The file cannot be read or holds no weights.
    """
    try:
        checkpoint = CheckpointLoader.load_checkpoint(path, map_location='cpu')
    except Exception as error:  # whatever the backends raise; they do not name the file
        raise CheckpointError(f'{key}: {path} cannot be read as a checkpoint ({error}).') from error
    for name in ('state_dict', 'params_ema', 'params'):
        if isinstance(checkpoint, dict) and name in checkpoint:
            checkpoint = checkpoint[name]
            break
    if not isinstance(checkpoint, dict) or not checkpoint:
        raise CheckpointError(f'{key}: {path} holds no weights.')
    return {k.removeprefix('module.'): v for k, v in checkpoint.items() if isinstance(v, Tensor)}


def check_state_dict(net: nn.Module, state: dict[str, Tensor], what: str) -> None:
    """Compare names and shapes of weights with those of a net.

    Args:
        net (nn.Module): The net.
        state (dict[str, Tensor]): The weights.
        what (str): What they are, for the message.

    Raises:
        CheckpointError: They differ; the message names the first few.
    """
    own = net.state_dict()
    missing = [name for name in own if name not in state]
    unexpected = [name for name in state if name not in own]
    shapes = [
        f'{name} {tuple(state[name].shape)}, expected {tuple(own[name].shape)}'
        for name in own
        if name in state and own[name].shape != state[name].shape
    ]
    parts = [
        f'{len(names)} {label} ({", ".join(names[:3])}{", ..." if len(names) > 3 else ""})'
        for label, names in (
            ('missing', missing),
            ('unexpected', unexpected),
            ('of another shape', shapes),
        )
        if names
    ]
    if parts:
        raise CheckpointError(
            f'The checkpoint {what}, is of another architecture: of {len(own)} weights, '
            f'{"; ".join(parts)}. Use the config that it was trained with.'
        )


def _find(source: str, name: str) -> str:
    if not osp.isdir(source):
        if osp.isfile(source) or '://' in source:
            return source
    else:
        pointer = osp.join(source, 'last_checkpoint')
        if osp.isfile(pointer):
            with open(pointer, encoding='utf-8') as file:
                path = file.read().strip()
            if osp.isfile(path):
                return path
            # The run was moved as a whole.
            moved = osp.join(source, osp.basename(path))
            if osp.isfile(moved):
                return moved
    raise CheckpointError(
        f'model.init.{name} is {source}, where there is no checkpoint. {_advice(source)} Or set '
        f'model.init.{name} to a checkpoint file, or to None to start without one.'
    )


def _advice(source: str) -> str:
    """Name the command that makes a work dir: tools/train.py mirrors configs/ in work_dirs/."""
    folder, _, run = osp.normpath(source).partition(f'work_dirs{osp.sep}')
    if run and not folder and not osp.splitext(run)[1]:
        return f'Make it with: python tools/train.py configs/{run}.py'
    return 'Get that file first (README, "Weights").'
