# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What all tests share."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from yapf.yapflib import yapf_api

pytest.register_assert_rewrite('tests.utils')  # so that its asserts tell the values, too

# Nets are too small for threads, which slow each other down where cores are few.
torch.set_num_threads(1)
os.environ.setdefault('OMP_NUM_THREADS', '1')
os.environ.setdefault('MKL_NUM_THREADS', '1')

# A run formats its config three times, for people; unformatted it says the same.
yapf_api.FormatCode = lambda text, **options: (text, False)


@pytest.fixture(autouse=True, scope='session')
def frozen_imports() -> None:
    """Spare garbage collections, of which each data set asks for one, what imports made."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def clean_singletons() -> Iterator[None]:
    """Clear MMEngine's global instances, as its RunnerTestCase does, lest scopes leak."""
    yield
    from mmengine.logging import MessageHub, MMLogger
    from mmengine.registry import DefaultScope
    from mmengine.visualization import Visualizer

    for manager in (MMLogger, Visualizer, DefaultScope, MessageHub):
        manager._instance_dict.clear()


@pytest.fixture(scope='session')
def coco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny data set in COCO's form."""
    from tests.utils.tiny_data import make_coco

    return make_coco(tmp_path_factory.mktemp('data') / 'coco')


@pytest.fixture(scope='session')
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny data sets of segmentation and classification, with six images in each split."""
    from tests.utils.tiny_data import make_data

    return make_data(tmp_path_factory.mktemp('data') / 'data', 6)
