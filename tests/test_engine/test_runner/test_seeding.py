# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Batches depend on their position alone, not on who loads them or what came before."""

import random

import numpy as np
import pytest
import torch
from mmengine.dataset import InfiniteSampler
from mmengine.runner.loops import _InfiniteDataloaderIterator
from torch.utils.data import DataLoader, Dataset

from sr4ir_mm.datasets.seed_worker import seed_worker
from sr4ir_mm.engine.runner.seeding import SeededIterator, SeededLoader


class Draws(Dataset):
    """What a random transform of each library would draw for each of five samples."""

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.tensor([index, random.random(), np.random.rand(), torch.rand(()).item()])


def batches(workers: int, skip: int = 0, number: int = 7) -> list[torch.Tensor]:
    dataset = Draws()
    loader = DataLoader(
        dataset,
        batch_size=2,
        sampler=InfiniteSampler(dataset, seed=3),
        num_workers=workers,
        worker_init_fn=seed_worker if workers else None,
    )
    seeded = SeededLoader(loader, 11)
    iterator = SeededIterator(_InfiniteDataloaderIterator(loader), seeded)
    if skip and hasattr(iterator.iterator, 'skip_iter'):
        iterator.skip_iter(skip)
    else:
        for _ in range(skip):
            next(iterator)
    return [next(iterator) for _ in range(number - skip)]


@pytest.mark.parametrize('skip', [0, 3])
@pytest.mark.parametrize('workers', [0, 1, 2])
def test_batches_depend_on_their_position_alone(workers: int, skip: int) -> None:
    whole = batches(workers=0)
    assert len({value.item() for batch in whole for value in batch[:, 1:].flatten()}) == 7 * 2 * 3
    for ours, theirs in zip(batches(workers, skip), whole[skip:], strict=True):
        assert torch.equal(ours, theirs)
