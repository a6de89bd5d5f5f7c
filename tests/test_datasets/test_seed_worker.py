# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Workers draw other numbers in each epoch, and the same again from the same seed."""

import os
import random
import signal

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from sr4ir_mm.registry import FUNCTIONS


class Draws(Dataset):
    """Gives NumPy's and Python's random numbers in the place of images."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> tuple[float, float]:
        return np.random.rand(), random.random()


def test_epochs_differ_and_can_be_repeated() -> None:
    def epoch(seed: int) -> list:
        torch.manual_seed(seed)
        loader = DataLoader(Draws(), num_workers=2, worker_init_fn=FUNCTIONS.get('seed_worker'))
        return [tuple(value.item() for value in pair) for pair in loader]

    first = epoch(0)
    assert len(set(first)) == 4  # workers differ, too
    assert epoch(0) == first
    assert not set(epoch(1)) & set(first)


def test_workers_outlive_what_a_launcher_sends_to_all() -> None:
    loader = DataLoader(
        Draws(), num_workers=1, prefetch_factor=1, worker_init_fn=FUNCTIONS.get('seed_worker')
    )
    iterator = iter(loader)
    next(iterator)
    (worker,) = iterator._workers
    os.kill(worker.pid, signal.SIGTERM)
    assert len(list(iterator)) == 3
    assert worker.exitcode in (None, 0)
    worker.join(timeout=60)
    assert worker.exitcode == 0
