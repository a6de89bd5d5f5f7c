# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What export needs of PyTorch's version."""

import importlib.util
from inspect import signature
from typing import Any

import torch

from sr4ir_mm.errors import ConfigError

from .how_to_install import how_to_install


def check_exporter(*packages: str) -> None:
    """Check that PyTorch has its current exporter, and that packages are there that it needs.

    Raises:
        ConfigError: It has not, or one is missing.
    """
    if 'dynamo' not in signature(torch.onnx.export).parameters:
        raise ConfigError(
            'Export needs PyTorch 2.6 or later, for torch.export and what torch.onnx makes of it; '
            f'this is {torch.__version__}. Checkpoints are the same on both stacks: export with '
            'the default one.'
        )
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigError(f'{", ".join(missing)} is not installed: {how_to_install(missing[0])}')


def without_noop_casts(program: Any) -> Any:
    """Drop ``type_as`` where it changes nothing from an exported program, in place.

    torch.onnx of 2.11 gives the name of such a cast to what is cast, and fails if that is a
    constant ("Key 'c_mean' does not match the name of the value 'type_as'", mmagic's SwinIR).
    """
    for node in list(program.graph.nodes):
        if node.target is torch.ops.aten.type_as.default:
            source = node.args[0]
            if source.meta['val'].dtype == node.meta['val'].dtype:
                node.replace_all_uses_with(source)
                program.graph.erase_node(node)
    return program
