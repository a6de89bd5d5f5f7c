# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is measured beside the task: the quality of the restored images."""
