# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Registries of the scope ``sr4ir_mm``, children of MMEngine's root registries.

Importing this file costs nothing: ``locations`` are imported at the first look-up, and what is
built on mmdet, mmseg or mmpretrain when a config names it, and that library with it.
"""

from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from mmengine.registry import DATA_SAMPLERS as MMENGINE_DATA_SAMPLERS
from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import LOG_PROCESSORS as MMENGINE_LOG_PROCESSORS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import (
    OPTIM_WRAPPER_CONSTRUCTORS as MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS,
)
from mmengine.registry import OPTIM_WRAPPERS as MMENGINE_OPTIM_WRAPPERS
from mmengine.registry import OPTIMIZERS as MMENGINE_OPTIMIZERS
from mmengine.registry import PARAM_SCHEDULERS as MMENGINE_PARAM_SCHEDULERS
from mmengine.registry import TASK_UTILS as MMENGINE_TASK_UTILS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import VISBACKENDS as MMENGINE_VISBACKENDS
from mmengine.registry import VISUALIZERS as MMENGINE_VISUALIZERS
from mmengine.registry import WEIGHT_INITIALIZERS as MMENGINE_WEIGHT_INITIALIZERS
from mmengine.registry import Registry

SCOPE = 'sr4ir_mm'


class LazyRegistry(Registry):
    """A registry that, asked for ``DeepLabV3Head``, imports ``deeplabv3_head.py``.

    It looks for the file below its ``locations``. So a file is named after the type in it, and a
    run imports just what its config names.
    """

    def get(self, key: str) -> Any:
        """Find a type by its name, which may be prefixed with our own scope."""
        module = self.files.get(key.removeprefix(f'{SCOPE}.').lower())
        if module is not None:
            import_module(module)
        return super().get(key)

    @cached_property
    def files(self) -> dict[str, str]:
        """dict[str, str]: File names below the locations, without underscores, to modules."""
        root = Path(__file__).parent
        return {
            path.stem.replace('_', ''): '.'.join((SCOPE, *path.relative_to(root).parts))[:-3]
            for location in self._locations
            for path in root.joinpath(*location.split('.')[1:]).rglob('[a-z]*.py')
        }


def _child(name: str, parent: Registry, *locations: str) -> Registry:
    modules = [f'{SCOPE}.{location}' for location in locations]
    return LazyRegistry(name, parent=parent, scope=SCOPE, locations=modules)


MODELS = _child('model', MMENGINE_MODELS, 'models')
TASK_UTILS = _child('task util', MMENGINE_TASK_UTILS, 'models.nets')
LOOPS = _child('loop', MMENGINE_LOOPS, 'engine.runner')
HOOKS = _child('hook', MMENGINE_HOOKS, 'engine.hooks')
OPTIM_WRAPPERS = _child('optimizer wrapper', MMENGINE_OPTIM_WRAPPERS, 'engine.optimizers')
OPTIM_WRAPPER_CONSTRUCTORS = _child(
    'optimizer wrapper constructor', MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS, 'engine.optimizers'
)
PARAM_SCHEDULERS = _child('parameter scheduler', MMENGINE_PARAM_SCHEDULERS, 'engine.schedulers')
TRANSFORMS = _child('transform', MMENGINE_TRANSFORMS, 'datasets.transforms')
METRICS = _child('metric', MMENGINE_METRICS, 'evaluation.metrics')
DATASETS = _child('dataset', MMENGINE_DATASETS, 'datasets')
DATA_SAMPLERS = _child('data sampler', MMENGINE_DATA_SAMPLERS, 'datasets')
VISUALIZERS = _child('visualizer', MMENGINE_VISUALIZERS, 'visualization')
FUNCTIONS = _child('function', MMENGINE_FUNCTIONS, 'datasets')
VISBACKENDS = _child('visualizer backend', MMENGINE_VISBACKENDS, 'visualization')
# Of these there are none of ours, but MMEngine warns of each kind that a scope lacks.
OPTIMIZERS = _child('optimizer', MMENGINE_OPTIMIZERS)
WEIGHT_INITIALIZERS = _child('weight initializer', MMENGINE_WEIGHT_INITIALIZERS)
LOG_PROCESSORS = _child('log_processor', MMENGINE_LOG_PROCESSORS)

# How the models of a library are called: 'mmdet_adapter', 'mmseg_adapter', ...
TASK_ADAPTERS = Registry('task adapter', scope=SCOPE, locations=[f'{SCOPE}.models.task_adapters'])
