# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What autocast does on a CPU."""

import torch


def cpu_autocast_type() -> torch.dtype | None:
    """Give the type that autocast computes in on a CPU; None where it is off."""
    if hasattr(torch, 'get_autocast_dtype'):
        return torch.get_autocast_dtype('cpu') if torch.is_autocast_enabled('cpu') else None
    # Before PyTorch 2.4, where these names have no newer ones yet.
    return torch.get_autocast_cpu_dtype() if torch.is_autocast_cpu_enabled() else None
