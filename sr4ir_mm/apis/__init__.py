# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a program calls."""
