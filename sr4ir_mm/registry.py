# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Registries of the scope ``sr4ir_mm``, children of MMEngine's root registries.

Each one imports its ``locations`` at the first look-up only, so importing
this file costs nothing and a run pulls in just what its config names.
"""

from importlib import import_module
from typing import Any

from mmengine.registry import DATA_SAMPLERS as MMENGINE_DATA_SAMPLERS
from mmengine.registry import DATASETS as MMENGINE_DATASETS
from mmengine.registry import FUNCTIONS as MMENGINE_FUNCTIONS
from mmengine.registry import HOOKS as MMENGINE_HOOKS
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import METRICS as MMENGINE_METRICS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import (
    OPTIM_WRAPPER_CONSTRUCTORS as MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS,
)
from mmengine.registry import PARAM_SCHEDULERS as MMENGINE_PARAM_SCHEDULERS
from mmengine.registry import TASK_UTILS as MMENGINE_TASK_UTILS
from mmengine.registry import TRANSFORMS as MMENGINE_TRANSFORMS
from mmengine.registry import Registry

# What is made of a library's parts: imported when a config names it, and the library with it.
MADE_OF_PARTS = {
    'DeepLabV3Head': 'models.nets.deeplabv3_head',
    'DilatedMobileNetV3': 'models.nets.dilated_mobilenet_v3',
    'FrozenMobileNetV3': 'models.nets.frozen_mobilenet_v3',
    'MultiTaskDiscriminator': 'models.nets.multi_task_discriminator',
    'ResizeDetDataPreprocessor': 'models.nets.resize_det_data_preprocessor',
    'SortedStanfordCars': 'datasets.sorted_stanford_cars',
    'TorchvisionAnchorGenerator': 'models.nets.torchvision_anchor_generator',
    'TorchvisionAssigner': 'models.nets.torchvision_matching',
    'TorchvisionBBoxHead': 'models.nets.torchvision_roi_head',
    'TorchvisionBoxCoder': 'models.nets.torchvision_box_coder',
    'TorchvisionFCNHead': 'models.nets.deeplabv3_head',
    'TorchvisionRPNHead': 'models.nets.torchvision_rpn_head',
    'TorchvisionRoIHead': 'models.nets.torchvision_roi_head',
    'TorchvisionSampler': 'models.nets.torchvision_matching',
}


class LazyRegistry(Registry):
    """A registry that imports the module of a type when the type is first asked for."""

    def get(self, key: str) -> Any:
        """Find a type by its name, which may have our own scope for a prefix."""
        name = key.removeprefix('sr4ir_mm.')
        if name in MADE_OF_PARTS:
            import_module(f'sr4ir_mm.{MADE_OF_PARTS[name]}')
        return super().get(key)


def _child(name: str, parent: Registry, *locations: str) -> Registry:
    return LazyRegistry(
        name,
        parent=parent,
        scope='sr4ir_mm',
        locations=[f'sr4ir_mm.{place}' for place in locations],
    )


MODELS = _child('model', MMENGINE_MODELS, 'models')
TASK_UTILS = _child('task util', MMENGINE_TASK_UTILS, 'models.nets')
LOOPS = _child('loop', MMENGINE_LOOPS, 'engine.runner')
HOOKS = _child('hook', MMENGINE_HOOKS, 'engine.hooks')
OPTIM_WRAPPER_CONSTRUCTORS = _child(
    'optimizer wrapper constructor', MMENGINE_OPTIM_WRAPPER_CONSTRUCTORS, 'engine.optimizers'
)
PARAM_SCHEDULERS = _child('parameter scheduler', MMENGINE_PARAM_SCHEDULERS, 'engine.schedulers')
TRANSFORMS = _child('transform', MMENGINE_TRANSFORMS, 'datasets.transforms')
METRICS = _child('metric', MMENGINE_METRICS, 'evaluation.metrics')
DATASETS = _child('dataset', MMENGINE_DATASETS, 'datasets')
DATA_SAMPLERS = _child('data sampler', MMENGINE_DATA_SAMPLERS, 'datasets')
FUNCTIONS = _child('function', MMENGINE_FUNCTIONS, 'datasets')

# How a library's task model is called: one adapter a library, found by its scope ('mmdet', ...).
TASK_ADAPTERS = Registry(
    'task adapter', scope='sr4ir_mm', locations=['sr4ir_mm.models.task_adapters']
)
