# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every batch is of one group of shapes, and of full size."""

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from mmengine.dataset import DefaultSampler

from sr4ir_mm.datasets import AspectRatioBatchSampler
from sr4ir_mm.errors import ConfigError


class Shapes:
    """A data set of images that have a shape only."""

    def __init__(self, ratios: list[float]) -> None:
        self.ratios = ratios

    def __len__(self) -> int:
        return len(self.ratios)

    def get_data_info(self, index: int) -> dict:
        return dict(width=round(self.ratios[index] * 1000), height=1000)


def sampler(ratios: list[float], batch_size: int, **kwargs: Any) -> AspectRatioBatchSampler:
    order = DefaultSampler(Shapes(ratios), shuffle=True, seed=0)
    return AspectRatioBatchSampler(order, batch_size, **kwargs)


def group(ratio: float) -> int:
    """Count the edges 0.5, 0.63, 0.794, 1, 1.26, 1.587, 2 that a ratio reaches."""
    return sum(ratio >= edge for edge in np.exp2(np.linspace(-1, 1, 7)))


def test_batches_are_full_and_of_one_group() -> None:
    rng = np.random.default_rng(0)
    ratios = list(np.round(np.exp2(rng.uniform(-1.4, 1.4, 203)), 3))
    batches = list(made := sampler(ratios, 8))
    assert len(batches) == len(made) == 203 // 8
    assert {len(batch) for batch in batches} == {8}
    groups = [{group(ratios[index]) for index in batch} for batch in batches]
    assert all(len(found) == 1 for found in groups)
    assert len(set().union(*groups)) > 5
    counts = Counter(index for batch in batches for index in batch)
    # All samples of full batches come once; only those that top up come again, from their group.
    assert max(counts.values()) == 2
    assert len(counts) > 203 - 8 * 8


def test_short_group_is_topped_up_with_its_own() -> None:
    # Four of seven make a batch; of the rests, three and one, the larger one is topped up.
    batches = list(sampler([1.5] * 7 + [0.7], 4))
    assert len(batches) == 2
    assert {index for batch in batches for index in batch} == set(range(7))
    assert not set(batches[0]) & set(batches[1][:3])
    assert batches[1][3] in batches[0] + batches[1][:3]
    (last,) = list(sampler([0.7] * 3 + [1.5], 4))
    assert set(last) == {0, 1, 2}
    assert len(last) == 4


def test_length_of_the_papers_epoch() -> None:
    assert len(sampler([1.0] * 5717, 16)) == 357


def test_edges_belong_to_the_group_above() -> None:
    made = sampler([1.0] * 4, 2)
    assert [round(edge, 3) for edge in made.edges] == [0.5, 0.63, 0.794, 1.0, 1.26, 1.587, 2.0]
    assert made._group(0) == 4
    assert math.isclose(made.edges[3], 1.0)


def test_data_set_smaller_than_a_batch_is_told() -> None:
    with pytest.raises(ConfigError, match='has 3 images .*fewer than the batch_size 4'):
        sampler([1.0] * 3, 4)
