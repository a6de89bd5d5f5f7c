# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""mmpretrain 1: its models without mmdet, and without what reads pictures and text together."""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FOR_MMDET = 'mmpretrain.models.utils.res_layer_extra_norm'
DEPENDENCIES = 'mmpretrain.utils.dependency'


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


def leave_out_multimodal() -> None:
    """Let mmpretrain be imported, whoever does it, as where transformers is not installed.

    With transformers 4.28 or newer it imports models such as BLIP, which no SR net can be trained
    for. That takes seconds, and from transformers 5 on it fails, and with it mmdet, which imports
    mmpretrain's classifiers. What was imported before stays as it is.
    """
    if DEPENDENCIES not in sys.modules:
        sys.meta_path.insert(0, _DependencyFinder())
    elif 'mmpretrain.models' not in sys.modules:
        _say_there_is_none(sys.modules[DEPENDENCIES])


class _DependencyFinder(MetaPathFinder):
    """Changes what mmpretrain finds out about packages when it does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find that one module as the other finders do."""
        if fullname != DEPENDENCIES:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_change(module: ModuleType) -> None:
                run(module)
                _say_there_is_none(module)

            spec.loader.exec_module = run_and_change  # type: ignore[method-assign]
        return spec


def _say_there_is_none(dependencies: ModuleType) -> None:
    dependencies.WITH_MULTIMODAL = False  # type: ignore[attr-defined]
