# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Programs about the installation: ``python -m sr4ir_mm.utils.collect_env``."""
