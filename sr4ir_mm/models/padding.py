# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Sizes that a task model takes, where its library leaves them to the pipeline of data."""

from collections.abc import Iterator, Mapping
from math import gcd
from typing import Any


def add_padding(model: dict, own: Mapping) -> None:
    """Let a detector's preprocessor pad to what its own config's pipeline pads images to.

    Some pad in the pipeline, to a size that their maps need, and not in the model. Images of other
    sizes then come to it only here. Masks and maps are padded with them, as in a pipeline.

    Args:
        model (dict): The model dict of the config; changed in place.
        own (Mapping): The whole config.
    """
    preprocessor = model.get('data_preprocessor') or {}
    if preprocessor.get('type') != 'DetDataPreprocessor':
        return
    if preprocessor.get('pad_size_divisor', 1) != 1 or preprocessor.get('batch_augments'):
        return
    for split in ('train', 'test'):
        for step in _steps(own.get(f'{split}_dataloader')):
            if step.get('type') == 'Pad':
                divisor = _divisor(step, model)
                if divisor > 1:
                    preprocessor['pad_size_divisor'] = divisor
                    for annotations in ('pad_mask', 'pad_seg'):
                        preprocessor.setdefault(annotations, True)
                    return


def _divisor(pad: Mapping, model: Mapping) -> int:
    """Give what a ``Pad`` makes sizes multiples of: of a fixed size, the model's largest stride."""
    if pad.get('size_divisor'):
        return pad['size_divisor']
    size = pad.get('size') or (1, 1)
    common = gcd(*size) if isinstance(size, (list, tuple)) else size
    stride = max(_strides(model), default=common & -common)
    return stride if common % stride == 0 else common & -common


def _strides(node: Any) -> Iterator[int]:
    for name, child in _items(node):
        if name == 'strides' and all(isinstance(stride, int) for stride in child):
            yield from child
        else:
            yield from _strides(child)


def _steps(node: Any) -> Iterator[Mapping]:
    if isinstance(node, Mapping) and 'type' in node:
        yield node
    for _, child in _items(node):
        yield from _steps(child)


def _items(node: Any) -> Iterator[tuple[Any, Any]]:
    pairs: Any = node.items() if isinstance(node, Mapping) else enumerate(node or ())
    for name, child in pairs:
        if isinstance(child, (Mapping, list, tuple)):
            yield name, child
