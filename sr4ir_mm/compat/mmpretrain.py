# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmpretrain 1: its models without mmdet."""

import importlib
import sys
from types import ModuleType

FOR_MMDET = 'mmpretrain.models.utils.res_layer_extra_norm'


def import_mmpretrain() -> None:
    """Import mmpretrain's models, and not all of mmdet for a layer that only a detector can use.

    ``ResLayerExtraNorm`` is None, as where mmdet is not installed. Detectors get it as ever: where
    mmdet was imported before, or a config's ``custom_imports`` name its module, as mmpretrain's
    own do, whether before or after this.
    """
    if 'mmdet' in sys.modules or 'mmpretrain.models' in sys.modules:
        return
    module = ModuleType(FOR_MMDET)
    module.ResLayerExtraNorm = None  # type: ignore[attr-defined]
    sys.modules[FOR_MMDET] = module
    try:
        importlib.import_module('mmpretrain.models')
    finally:
        del sys.modules[FOR_MMDET]
