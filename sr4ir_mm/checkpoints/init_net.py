# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Start a net from a checkpoint, strictly."""

from __future__ import annotations

import os.path as osp
from typing import TYPE_CHECKING

from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.utils.layout import training_command

from .last import last_checkpoint
from .state_dict import check_state_dict, load_state_dict

if TYPE_CHECKING:
    from torch import nn


def init_net_from(net: nn.Module, source: str, name: str) -> None:
    """Load a net's weights from a run or from a file.

    Args:
        net (nn.Module): The net, ``model.<name>``.
        source (str): A work dir of ours, of which the last checkpoint is taken, or a checkpoint
            file: of a whole model of ours (its part ``<name>.`` is taken), of a library's (of an
            mmpretrain classifier the part ``backbone.``, of an mmagic model ``generator.``), of
            the net alone, or in a published form that :mod:`sr4ir_mm.checkpoints.converters` knows,
            of which a net that ends before its last layers leaves these out.
        name (str): 'sr', 'task', or a part of one, such as 'task.backbone'.

    Raises:
        CheckpointError: There is nothing, or it does not fit; the message says what to do.
    """
    from mmengine.logging import print_log

    from .converters import recognise, to_mm

    path = find_source(source, name)
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
    if form is not None and form.heads:
        own = net.state_dict()
        state = {k: v for k, v in state.items() if k in own or not k.startswith(form.heads)}
    check_state_dict(net, state, f'{path}, for model.{name} ({type(net).__name__})')
    net.load_state_dict(state)


def find_source(source: str, name: str) -> str:
    """Find what :func:`init_net_from` loads.

    Args:
        source (str): A work dir, a file or an address.
        name (str): The key of ``model.init`` that has it.

    Raises:
        CheckpointError: There is nothing; the message says what makes it.
    """
    if osp.isdir(source):
        path = last_checkpoint(source)
        if path is not None:
            return str(path)
    elif osp.isfile(source) or '://' in source:
        return source
    command = training_command(source)
    get = 'Get that file' if osp.splitext(source)[1] else 'Train what is to be there'
    advice = f'Make it with: {command}' if command else f'{get} first.'
    raise CheckpointError(
        f'model.init.{name} is {source}, where there is no whole checkpoint. {advice} Or set '
        f'model.init.{name} to a checkpoint file, or to None to start without one.'
    )
