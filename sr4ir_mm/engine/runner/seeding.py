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
from torch.utils.data import DataLoader


def seed_all(seed: int, *progress: int) -> None:
    """Seed Python, NumPy and PyTorch (all devices).

    Args:
        seed (int): The run's seed.
        *progress (int): Non-negative numbers that tell this moment from others.
    """
    _seed(seed, get_rank(), *progress)


def _seed(*key: int) -> None:
    value = int(np.random.SeedSequence(key).generate_state(1)[0])
    random.seed(value)
    np.random.seed(value)
    torch.manual_seed(value)


class SeededLoader:
    """Let each batch that a loader loads draw random numbers by its position.

    So the skipped batches of a resumed run do not shift what transforms draw afterwards, and the
    number of loading processes changes nothing. Each of n processes gets every n-th batch, in
    order: this takes the place of what starts a process and of what collates a batch, after which
    it seeds for the next one; both do their work first.

    Args:
        loader (DataLoader): The loader, with an endless sampler, before it loads anything.
        seed (int): The run's seed.

    Attributes:
        position (int): Of the next batch; in the main process, where processes begin that are
            started now.
    """

    FETCH = 1  # tells a batch's loading from its training, which has 0

    def __init__(self, loader: DataLoader, seed: int) -> None:
        self.init, self.collate = loader.worker_init_fn, loader.collate_fn
        self.key = seed, get_rank()  # a spawned process does not know its rank
        self.number = loader.num_workers
        self.position = 0
        # A loader draws a number when it begins, which must not shift what a batch draws.
        loader.generator = torch.Generator().manual_seed(seed)
        if self.number:
            loader.worker_init_fn, loader.collate_fn = self.start, self

    def seed(self) -> None:
        """Seed for the batch at the position."""
        _seed(*self.key, self.position, self.FETCH)

    def start(self, worker_id: int) -> None:
        """Begin in a process."""
        if self.init is not None:
            self.init(worker_id)
        self.position += worker_id
        self.seed()

    def __call__(self, samples: list) -> Any:
        """Collate a batch in a process, and get ready for its next one."""
        batch = self.collate(samples)
        self.position += self.number
        self.seed()
        return batch


class SeededIterator:
    """MMEngine's endless data iterator over a seeded loader.

    Args:
        iterator (Any): The loop's iterator.
        loader (SeededLoader): What it iterates over.
    """

    def __init__(self, iterator: Any, loader: SeededLoader) -> None:
        self.iterator = iterator
        self.loader = loader
        self.position = 0

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        self.loader.position = self.position
        self.loader.seed()
        self.position += 1
        return next(self.iterator)

    def skip_iter(self, num_iters: int) -> None:
        """Skip batches (where MMEngine can; older versions load them)."""
        self.position += num_iters
        self.iterator.skip_iter(num_iters)
