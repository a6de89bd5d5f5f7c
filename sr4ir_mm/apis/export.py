# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A trained pair, or a part of it, as one file that runs without this package."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from pathlib import Path

import torch
from mmengine.config import Config
from torch.export import ExportedProgram

from sr4ir_mm.checkpoints.saving import checkpoint_file
from sr4ir_mm.compat.export import check_exporter, without_noop_casts
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.exported_part import ExportedPart
from sr4ir_mm.version import __version__

from .find_config import find_config
from .model import init_model

SUFFIXES = {'onnx': '.onnx', 'torch': '.pt2'}
METADATA = 'sr4ir_mm.json'
"""The name of the metadata inside a ``.pt2``."""


def load_part(
    config: str | Path | Config, checkpoint: str | Path | None = None, part: str = 'whole'
) -> ExportedPart:
    """Build the part of a model that is to be exported, on the CPU.

    Args:
        config (str | Path | Config): See :func:`init_model`.
        checkpoint (str | Path, optional): See :func:`init_model`.
        part (str): 'sr', 'task' or 'whole'; see :class:`ExportedPart`. Defaults to 'whole'.

    Raises:
        ConfigError: There is no such config, or its model has no such part.
        CheckpointError: The weights cannot be read, or are of another model.
    """
    cfg = deepcopy(find_config(config))
    # Exporters know the libraries' own parts, which compute the same.
    cfg.model.update(fast=False, memory_format='contiguous', checkpoint_sr=False)
    return ExportedPart(init_model(cfg, checkpoint, 'cpu'), part).eval()


def export_model(
    part: ExportedPart,
    out: str | Path,
    shape: tuple[int, int],
    format: str = 'onnx',
    dynamic: bool = False,
) -> Path:
    """Export a part of a model.

    Args:
        part (ExportedPart): Of :func:`load_part`.
        out (str | Path): The file, ``*.onnx`` or ``*.pt2``; written whole or not at all.
        shape (tuple[int, int]): Height and width of the images that the file takes, in pixels of
            the LR image or, of the part 'task', of the SR image.
        format (str): 'onnx', or 'torch' for :func:`torch.export.load`. Defaults to 'onnx'.
        dynamic (bool): Let the file take any number of images of any height and width; the shape
            is then an example. Defaults to False.

    Returns:
        Path: The file.

    Raises:
        ConfigError: An argument cannot be used, PyTorch's exporter is missing, or the part cannot
            be exported.
        CheckpointError: The file cannot be written.
    """
    _check(part, out, shape, format, dynamic)
    # What is free must differ from 1, which exporters take for a constant.
    sample = torch.rand(2 if dynamic else 1, 3, *shape)
    axes = {0: 'batch', 2: 'height', 3: 'width'} if dynamic else {}
    free = dict.fromkeys(axes, torch.export.Dim.DYNAMIC)
    size = 'x'.join(str(axes.get(axis, side)) for axis, side in enumerate(sample.shape))
    metadata = part.metadata() | dict(input_shape=size, producer=f'sr4ir_mm {__version__}')
    with _one_message(part, format, shape, dynamic):
        names = list(part(sample))
        program = torch.export.export(part, (sample,), dynamic_shapes=(free,), strict=False)
        if format == 'onnx':
            content = _to_onnx(program, part.input_name, names, axes, metadata)
    with checkpoint_file(out) as file:
        if format == 'onnx':
            file.write(content)
        else:
            torch.export.save(program, file, extra_files={METADATA: json.dumps(metadata)})
    return Path(out)


def _check(
    part: ExportedPart, out: str | Path, shape: tuple[int, int], format: str, dynamic: bool
) -> None:
    """Find out before anything long starts whether the arguments can be used."""
    if format not in SUFFIXES or Path(out).suffix != SUFFIXES[format]:
        known = ', '.join(f'{name!r} (*{suffix})' for name, suffix in SUFFIXES.items())
        raise ConfigError(f'{out} cannot be written as {format!r}: the formats are {known}.')
    if Path(out).is_dir():
        raise ConfigError(f'{out} is a folder: name the file to write.')
    if len(shape) != 2 or min(shape) < 1:
        raise ConfigError(f'shape is {shape}: give a positive height and width, in pixels.')
    if dynamic and part.one_size:
        raise ConfigError(
            f'{_nets(part)} can be exported for images of one size alone, for the boxes depend on '
            'it in more ways than an exporter follows: leave out --dynamic.'
        )
    check_exporter(*(['onnx', 'onnxscript'] if format == 'onnx' else []))


def _to_onnx(
    program: ExportedProgram,
    input_name: str,
    names: list[str],
    axes: dict[int, str],
    metadata: dict[str, str],
) -> bytes:
    exported = torch.onnx.export(
        without_noop_casts(program),
        (),
        dynamo=True,
        input_names=[input_name],
        output_names=names,
        dynamic_shapes=(axes,),
        verbose=False,
    )
    assert exported is not None
    exported.model.metadata_props.update(metadata)
    return exported.model_proto.SerializeToString()


@contextmanager
def _one_message(
    part: ExportedPart, format: str, shape: tuple[int, int], dynamic: bool
) -> Iterator[None]:
    """Turn the report of an exporter, which takes pages, into one message."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            torch.no_grad(),
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter('ignore')
            yield
    except ConfigError:
        raise
    except Exception as error:  # whatever the nets, torch.export and torch.onnx raise
        example = ' as an example of any size' if dynamic else ''
        raise ConfigError(
            f'{_nets(part)} cannot be exported as {format!r} with images of {shape[0]}x{shape[1]} '
            f'pixels{example} ({_reason(error)}). {_advice(part, format, dynamic)} '
            'SR4IR_TRACEBACK=1 shows the whole report.'
        ) from error
    finally:
        logging.disable(disabled)


def _nets(part: ExportedPart) -> str:
    nets = ' and '.join(f'{name} ({type(net).__name__})' for name, net in part.nets.items())
    return f'The part {part.part!r}, {nets},'


def _reason(error: BaseException) -> str:
    """Give the first line of what went wrong at first."""
    while error.__cause__ is not None:
        error = error.__cause__
    line = f'{type(error).__name__}: {str(error).strip()}'.splitlines()[0]
    return line.partition(' For more information')[0].rstrip('.!: ')


def _advice(part: ExportedPart, format: str, dynamic: bool) -> str:
    if dynamic:
        return 'Without --dynamic the file takes images of one size, which more nets allow.'
    tries = ['another --shape']
    if format == 'onnx':
        tries.append('--format torch')
    if part.part == 'whole':
        tries.append('--part sr and --part task, which tell the net at fault')
    return f'Try {", ".join(tries)}.'
