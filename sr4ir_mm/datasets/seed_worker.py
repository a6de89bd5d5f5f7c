# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Random numbers of data loading processes."""

import random
import signal

import numpy as np
import torch

from sr4ir_mm.registry import FUNCTIONS


@FUNCTIONS.register_module()
def seed_worker(worker_id: int, _scope_: str | None = None) -> None:
    """Seed NumPy and Python in a worker from the seed that PyTorch gave it.

    That one comes from the main process, which the loop seeds for each epoch and process: so each
    epoch has augmentations of its own, and a resumed run has those of the uninterrupted run.
    MMEngine's default would repeat the same random numbers in each epoch.

    A launcher's SIGTERM reaches workers, too, and the training can only finish its iteration if
    they outlive it: so the first one is passed over. They end with the training.

    Args:
        worker_id (int): Not used; PyTorch's seed knows the worker.
        _scope_ (str, optional): Not used; inheriting ``'sr4ir_mm::...'`` marks dicts with it.
    """
    seed = torch.initial_seed() % 2**32
    np.random.seed(seed)
    random.seed(seed)
    signal.signal(signal.SIGTERM, lambda *_: signal.signal(signal.SIGTERM, signal.SIG_DFL))
