# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What tools/model_matrix.py tries, on which data, and the page it writes."""
