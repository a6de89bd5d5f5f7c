# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What the authors' code means by deterministic."""

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS


@HOOKS.register_module()
class DeterministicCudnnHook(Hook):
    """Let cuDNN choose deterministic kernels, and no other library.

    ``randomness.deterministic`` of MMEngine also forbids what has no deterministic kernel, such as
    the backward pass of bilinear up-sampling, which the authors' code uses.
    """

    def before_run(self, runner: Runner) -> None:
        """Set the flags."""
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.benchmark = False
