# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Compare the config of a data loader with what reads it, before anything is built."""

import inspect
import os.path as osp
from collections.abc import Mapping
from typing import Any

from mmengine import registry as root
from torch.utils.data import DataLoader

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.typed_dicts import check_keys, check_kinds, check_typed, shown

# The last ones are taken out by MMEngine.
LOADER = {*inspect.signature(DataLoader.__init__).parameters, 'dataset', 'num_batch_per_epoch',
          'disable_subprocess_warning'} - {'self'}  # fmt: skip


def check_loader(node: Mapping, key: str, scope: str) -> None:
    """Find a key that nobody reads, or a value of a wrong kind, of a loader or its data set.

    Args:
        node (Mapping): The config of the loader.
        key (str): Where it stands, for the message.
        scope (str): That of unprefixed types.

    Raises:
        ConfigError: There is one.
    """
    check_keys(node, key, LOADER)
    check_kinds(node, key, DataLoader)
    for name in ('dataset', 'sampler'):
        if node.get(name) is None:
            raise ConfigError(f'{key} has no {name}.')
    check_typed(node['dataset'], f'{key}.dataset', root.DATASETS, root.TRANSFORMS, scope=scope)
    _check_dataset(node['dataset'], f'{key}.dataset')
    for name in ('sampler', 'batch_sampler'):
        if node.get(name) is not None:
            check_typed(node[name], f'{key}.{name}', root.DATA_SAMPLERS, scope=scope)
    if 'batch_size' in node or node.get('batch_sampler') is not None:
        check_number(node.get('batch_size'), f'{key}.batch_size', least=1, whole=True)
    check_number(node.get('num_workers', 0), f'{key}.num_workers', least=0, whole=True)


def _check_dataset(node: Any, key: str) -> None:
    """Check the classes and the pipeline of a data set, and of those that it wraps."""
    for name, child in node.items() if isinstance(node, Mapping) else enumerate(node):
        place = f'{key}.{name}'
        if name == 'metainfo' and isinstance(child, Mapping):
            _check_classes(child.get('classes'), f'{place}.classes')
        elif name == 'pipeline':
            check_pipeline(child, place)
        elif isinstance(child, (Mapping, list, tuple)):
            _check_dataset(child, place)


def _check_classes(classes: Any, key: str) -> None:
    """Find classes that are no list of names."""
    listed = isinstance(classes, (list, tuple)) and len({*classes}) == len(classes)
    if classes is not None and not listed and not osp.isfile(str(classes)):
        raise ConfigError(
            f'{key} = {shown(classes)}: it must be a list of different names, or a file with one '
            'in each line.'
        )


def check_pipeline(steps: Any, key: str) -> None:
    """Find what is no transform in a pipeline, or in a transform that has others in it.

    Args:
        steps (Any): The pipeline.
        key (str): Where it stands, for the message.

    Raises:
        ConfigError: There is such a thing.
    """
    for index, step in enumerate(steps if isinstance(steps, (list, tuple)) else ()):
        place = f'{key}.{index}'
        if isinstance(step, (list, tuple)):  # transforms of which one is chosen
            check_pipeline(step, place)
        elif isinstance(step, Mapping) and 'type' in step:
            check_pipeline(step.get('transforms'), f'{place}.transforms')
        elif not callable(step):
            raise ConfigError(f'{place} = {shown(step)}: it must be a dict with a type.')
