# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""TF32 on GPUs that have it."""

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS


@HOOKS.register_module()
class TF32Hook(Hook):
    """Let matrix products, or convolutions, of fp32 numbers round their factors to TF32.

    Without this hook PyTorch's own choice holds, as in the authors' code: convolutions do, matrix
    products do not. CPUs and older GPUs are not affected.

    Args:
        products (bool): Of matrices. Defaults to True.
        convolutions (bool): Those of cuDNN. Defaults to True.
    """

    def __init__(self, products: bool = True, convolutions: bool = True) -> None:
        self.products = products
        self.convolutions = convolutions

    def before_run(self, runner: Runner | None) -> None:
        """Set both."""
        torch.backends.cuda.matmul.allow_tf32 = self.products
        torch.backends.cudnn.allow_tf32 = self.convolutions
