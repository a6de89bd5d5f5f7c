# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Try things on a run that then goes on as if nothing had been tried."""

import logging
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from copy import copy, deepcopy
from io import StringIO
from typing import Any

from mmengine.evaluator import BaseMetric
from mmengine.logging import MessageHub
from torch import Tensor

from sr4ir_mm.models import SR4IR


def private_copy(model: SR4IR) -> SR4IR:
    """Copy a model with all its state, without the distributed wrappers of its nets."""
    copies: dict[int, Any] = {}
    for module in model.modules():
        for value in vars(module).values():
            # What is computed from parameters before each forward pass, such as a normed weight.
            if isinstance(value, Tensor) and not value.is_leaf:
                copies[id(value)] = value.detach().clone()
    for name in model.net_names:
        # A wrapper's place is taken by a copy of what is in it.
        copies[id(model.net(name, wrapped=True))] = deepcopy(model.net(name), copies)
    return deepcopy(model, copies)


@contextmanager
def private_pipelines(dataset: Any) -> Iterator[None]:
    """Let a data set, and those that it wraps, use copies of their transforms, some of which cache.

    Args:
        dataset (Any): The data set.
    """
    parts = [part for part in _parts(dataset) if hasattr(part, 'pipeline')]
    kept = [part.pipeline for part in parts]
    try:
        for part, pipeline in zip(parts, kept, strict=True):
            part.pipeline = deepcopy(pipeline)
        yield
    finally:
        for part, pipeline in zip(parts, kept, strict=True):
            part.pipeline = pipeline


@contextmanager
def untouched_hub(hub: MessageHub) -> Iterator[None]:
    """Forget what is written to a message hub."""
    kept = vars(hub).copy()
    # A buffer replaces its arrays when it grows, so a shallow copy will do.
    hub._log_scalars = OrderedDict(
        (key, copy(value)) for key, value in kept['_log_scalars'].items()
    )
    hub._runtime_info = kept['_runtime_info'].copy()
    hub._resumed_keys = kept['_resumed_keys'].copy()
    try:
        yield
    finally:
        vars(hub).update(kept)


def private_metric(metric: BaseMetric) -> BaseMetric:
    """Copy a metric so that it gathers and writes for itself; what it reads is shared."""
    private: Any = copy(metric)
    private.results = []
    if getattr(private, 'outfile_prefix', None) is not None:
        private.outfile_prefix = None  # mmdet's then write to a temporary folder
    return private


@contextmanager
def quiet() -> Iterator[None]:
    """Log and print nothing, and warn of nothing."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(StringIO()), warnings.catch_warnings():
            warnings.simplefilter('ignore')
            yield
    finally:
        logging.disable(level)


def _parts(dataset: Any) -> Iterator[Any]:
    """Walk through a data set and those within it."""
    yield dataset
    for inner in getattr(dataset, 'datasets', None) or [getattr(dataset, 'dataset', None)]:
        if inner is not None:
            yield from _parts(inner)
