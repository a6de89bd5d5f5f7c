# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Registries of the scope ``sr4ir_mm``, children of MMEngine's root registries.

Each one imports its ``locations`` at the first look-up only, so importing
this file costs nothing and a run pulls in just what its config names.
"""

from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import (
    OPTIM_WRAPPER_CONSTRUCTORS as MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS,
)
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import Registry


def _child(name: str, parent: Registry, *locations: str) -> Registry:
    return Registry(
        name,
        parent=parent,
        scope='sr4ir_mm',
        locations=[f'sr4ir_mm.{place}' for place in locations],
    )


MODELS = _child('model', MMENGINE_MODELS, 'models')
LOOPS = _child('loop', MMENGINE_LOOPS, 'engine.runner')
HOOKS = _child('hook', MMENGINE_HOOKS, 'engine.hooks')
OPTIM_WRAPPER_CONSTRUCTORS = _child(
    'optimizer wrapper constructor', MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS, 'engine.optimizers'
)
TRANSFORMS = _child('transform', MMENGINE_TRANSFORMS, 'datasets.transforms')
METRICS = _child('metric', MMENGINE_METRICS, 'evaluation.metrics')
FUNCTIONS = _child('function', MMENGINE_FUNCTIONS, 'datasets')

# How a library's task model is called: one adapter a library, found by its scope ('mmdet', ...).
TASK_ADAPTERS = Registry(
    'task adapter', scope='sr4ir_mm', locations=['sr4ir_mm.models.task_adapters']
)
