# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Commands that install what is missing, whether the package came as a wheel or as a clone."""

from .versions import installed_versions

MMCV = {'current': 'onedl-mmcv>=2.3.6,<2.4', 'classic': 'mmcv>=2.1,<2.2'}
EXTRAS = {'gradio': 'web', 'onnx': 'export', 'onnxruntime': 'export', 'onnxscript': 'export'}
LIBRARIES = ('mmdet', 'mmseg', 'mmpretrain')


def how_to_install(module: str) -> str:
    """Give the command that installs a module, for an error's message.

    Args:
        module (str): Such as 'mmdet', which comes from the stack that is there, or 'gradio'.

    Returns:
        str: Such as ``pip install "sr4ir-mm[current]"``; 'install it' if the module is unknown.
    """
    stack = 'classic' if 'mmengine' in installed_versions() else 'current'
    if module == 'mmengine':
        return (
            'pip install "sr4ir-mm[current]" (the onedl forks), or "sr4ir-mm[classic]" '
            "(OpenMMLab's own packages)"
        )
    if module == 'mmcv':
        return (
            f'pip install "sr4ir-mm[{stack},build]", then pip install --no-deps '
            f'--no-build-isolation "{MMCV[stack]}", which builds its ops for the PyTorch here'
        )
    if module == 'mmagic':
        return 'pip install --no-deps mmagic==1.2.0 (its dependencies would replace NumPy 2)'
    if module in LIBRARIES:
        return f'pip install "sr4ir-mm[{stack}]"'
    return f'pip install "sr4ir-mm[{EXTRAS[module]}]"' if module in EXTRAS else 'install it'


def missing(error: BaseException) -> str | None:
    """Say how to install what an import did not find; None if nothing is known of it."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    module = error.name.partition('.')[0]  # mmcv._ext: MMCV is there, but without its ops
    command = how_to_install(module)
    return None if command == 'install it' else command
