# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a program calls: ``from sr4ir_mm.apis import SR4IRInferencer``.

Tools that need less, such as the arguments of a command line, import just that.
"""

from importlib import import_module
from typing import Any

_MODULES = {
    'SR4IRInferencer': 'inferencer',
    'Setting': 'comparison',
    'compare': 'comparison',
    'export_model': 'export',
    'inference_model': 'model',
    'init_model': 'model',
    'load_part': 'export',
}

__all__ = [  # noqa: F822
    'SR4IRInferencer',
    'Setting',
    'compare',
    'export_model',
    'inference_model',
    'init_model',
    'load_part',
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f'module {__name__} has no attribute {name}')
    return getattr(import_module(f'.{_MODULES[name]}', __name__), name)
