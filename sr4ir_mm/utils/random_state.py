# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The state of all random generators that training draws from."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


def random_state() -> tuple:
    """Give the state of Python's, NumPy's and PyTorch's generators, that of the GPU included."""
    cuda = torch.cuda.get_rng_state() if torch.cuda.is_initialized() else None
    return random.getstate(), np.random.get_state(), torch.get_rng_state(), cuda


def set_random_state(state: tuple) -> None:
    """Go back to a state of :func:`random_state`."""
    python, numpy, cpu, cuda = state
    random.setstate(python)
    np.random.set_state(numpy)
    torch.set_rng_state(cpu)
    if cuda is not None:
        torch.cuda.set_rng_state(cuda)


@contextmanager
def kept_random_state() -> Iterator[None]:
    """Draw inside as if nothing had been drawn afterwards."""
    state = random_state()
    try:
        yield
    finally:
        set_random_state(state)
