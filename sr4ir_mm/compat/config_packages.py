# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where MMEngine finds the configs of packages, ours and forks of OpenMMLab's."""

import importlib.util
from importlib.metadata import PackageNotFoundError, version

from .how_to_install import how_to_install


def register_config_packages() -> None:
    """Make paths such as ``'sr4ir_mm::sr4ir/det_edsr_x4.py'`` and ``'mmseg::...'`` resolve.

    Raises:
        ImportError: MMEngine or MMCV is not installed.
    """
    for module in ('mmengine', 'mmcv'):
        if importlib.util.find_spec(module) is None:
            raise ImportError(f'sr4ir_mm needs {module}: {how_to_install(module)}')
    from mmengine.config.utils import MODULE2PACKAGE

    # MMEngine looks for the *distribution* of this name beside its metadata, where an editable
    # install has no package. For a module it asks the import system, which always knows.
    MODULE2PACKAGE['sr4ir_mm'] = 'sr4ir_mm.version'
    # MMEngine maps 'mmseg' to the distribution 'mmsegmentation'. Where a fork of another name
    # gives that module, mmengine.hub would pip-install the official one over the fork.
    for module in ('mmdet', 'mmseg', 'mmpretrain', 'mmagic'):
        if not _is_distribution(MODULE2PACKAGE[module]) and importlib.util.find_spec(module):
            MODULE2PACKAGE[module] = module


def _is_distribution(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
