# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Random numbers that depend on how far training is, not on how it got there.

A resumed run then draws what the uninterrupted run would have drawn, without any generator's state
in the checkpoint, and each process draws its own.
"""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from mmengine.dist import get_rank


def seed_all(seed: int, *progress: int) -> None:
    """Seed Python, NumPy and PyTorch (all devices).

    Args:
        seed (int): The run's seed.
        *progress (int): Non-negative numbers that tell this moment from others.
    """
    state = np.random.SeedSequence([seed, get_rank(), *progress]).generate_state(1)
    value = int(state[0])
    random.seed(value)
    np.random.seed(value)
    torch.manual_seed(value)


class SeededIterator:
    """MMEngine's endless data iterator, with each batch's random numbers set by its position.

    It matters where the main process loads the data (``num_workers=0``): the skipped batches of a
    resumed run must not shift what transforms draw afterwards.

    Args:
        iterator (Any): The loop's iterator.
        seed (int): The run's seed.
    """

    FETCH = 1  # tells a batch's loading from its training, which has 0

    def __init__(self, iterator: Any, seed: int) -> None:
        self.iterator = iterator
        self.seed = seed
        self.position = 0

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        seed_all(self.seed, self.position, self.FETCH)
        self.position += 1
        return next(self.iterator)

    def skip_iter(self, num_iters: int) -> None:
        """Skip batches (where MMEngine can; older versions load them)."""
        self.position += num_iters
        self.iterator.skip_iter(num_iters)
