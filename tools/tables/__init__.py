# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tables of results: what they show, the runs they come from, and what those recorded."""
