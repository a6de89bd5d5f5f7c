# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every workaround for a version of another library, each with its reason.

What is slow to import (torch, mmcv, mmagic) is imported inside the functions that use it.
"""

from .config_packages import register_config_packages
from .how_to_install import how_to_install, missing
from .mmagic import import_mmagic
from .mmcv import without_process_group
from .mmdet import complete_heads
from .mmpretrain import import_mmpretrain, leave_out_multimodal
from .process_group import ensure_process_group, joining, leave_process_group
from .quiet_debug import quiet_debug
from .torch_load import load_weights_only, torch_globals
from .versions import TESTED_STACKS, installed_versions, warn_untested_versions

__all__ = [
    'TESTED_STACKS',
    'complete_heads',
    'ensure_process_group',
    'how_to_install',
    'import_mmagic',
    'import_mmpretrain',
    'installed_versions',
    'joining',
    'leave_out_multimodal',
    'leave_process_group',
    'load_weights_only',
    'missing',
    'quiet_debug',
    'register_config_packages',
    'torch_globals',
    'warn_untested_versions',
    'without_process_group',
]
