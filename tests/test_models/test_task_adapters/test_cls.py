# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is checked before a classifier is trained, and how images reach it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.dataset import BaseDataset
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.models.task_adapters import ClsAdapter
from tests.utils.samples import build_model
from tests.utils.tiny import resnet
from tests.utils.tiny_data import save_noise


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One folder for each class."""
    for index, name in enumerate(('cat', 'dog', 'owl')):
        save_noise(tmp_path / name / f'{index}.png', (8, 8), index)
    return tmp_path


@pytest.fixture(scope='module')
def task() -> nn.Module:
    return build_model(sr=None, task=resnet(num_classes=3)).task


def make_dataset(root: Path, **kwargs: Any) -> BaseDataset:
    from mmpretrain.datasets import CustomDataset

    return CustomDataset(data_root=str(root), pipeline=[], **kwargs)


def test_preprocessing_is_differentiable_and_as_the_classifier_says(task: nn.Module) -> None:
    images = [torch.rand(3, 8, 8, requires_grad=True) for _ in range(2)]
    data = ClsAdapter(task).preprocess(images, None, training=False)
    mean = torch.tensor([123.675, 116.28, 103.53]).view(3, 1, 1)
    std = torch.tensor([58.395, 57.12, 57.375]).view(3, 1, 1)
    torch.testing.assert_close(data['inputs'][1].detach(), (images[1].detach() * 255 - mean) / std)
    data['inputs'].sum().backward()
    assert all(image.grad.abs().min() > 0 for image in images)


def test_good_data_set_passes(task: torch.nn.Module, root: Path) -> None:
    assert ClsAdapter(task).check_dataset(make_dataset(root)) == []


def test_classes_without_an_image_are_named(task: nn.Module, root: Path) -> None:
    (root / 'list.txt').write_text('cat/0.png 0\n')
    dataset = make_dataset(root, ann_file='list.txt', metainfo=dict(classes=('cat', 'dog', 'owl')))
    assert ClsAdapter(task).check_dataset(dataset) == ['2 of 3 classes without an image (dog, owl)']


def test_folder_that_lacks_a_class_is_told(task: nn.Module, root: Path) -> None:
    (root / 'dog' / '1.png').unlink()
    (root / 'dog').rmdir()
    with pytest.raises(ConfigError, match=r'has 2 classes \(cat, owl\).*head.*3'):
        ClsAdapter(task).check_dataset(make_dataset(root))


def test_missing_image_is_named(task: nn.Module, root: Path) -> None:
    dataset = make_dataset(root)
    (root / 'owl' / '2.png').unlink()
    with pytest.raises(DataError, match=r'owl/2\.png is missing'):
        ClsAdapter(task).check_dataset(dataset)


def test_label_that_is_no_class_is_told_with_its_file(task: nn.Module, root: Path) -> None:
    (root / 'list.txt').write_text('cat/0.png 0\nowl/2.png 3\n')
    dataset = make_dataset(root, ann_file='list.txt', metainfo=dict(classes=('cat', 'dog', 'owl')))
    with pytest.raises(DataError, match=r'owl/2\.png has the label 3, but there are 3 classes'):
        ClsAdapter(task).check_dataset(dataset)
