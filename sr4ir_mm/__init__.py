# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Super-resolution for image recognition (SR4IR), beside MMDetection, MMSegmentation, MMPretrain.

Importing this is quick: registries import what a config names when it is named.
"""

from .compat import (
    leave_out_multimodal,
    quiet_debug,
    register_config_packages,
    warn_untested_versions,
)
from .utils import safe_yaml  # noqa: F401  # before anybody reads a config
from .version import __version__

quiet_debug()
register_config_packages()
leave_out_multimodal()
warn_untested_versions()

__all__ = ['__version__']
