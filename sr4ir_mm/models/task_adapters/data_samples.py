# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Copies of data samples, one for each image type that a task model is given."""

from collections.abc import Sequence

from mmengine.structures import BaseDataElement


def copy_data_samples(data_samples: Sequence[BaseDataElement]) -> list[BaseDataElement]:
    """Copy data samples and their elements, for preprocessors write into both.

    Tensors are shared: nothing writes inside them.
    """
    copies = []
    for sample in data_samples:
        copy = sample.clone()
        for name, value in sample.items():
            if isinstance(value, BaseDataElement):
                setattr(copy, name, value.clone())
        copies.append(copy)
    return copies
