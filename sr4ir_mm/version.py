# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The version, in one place (``pyproject.toml`` reads it from here)."""

__version__ = '0.1.0'
