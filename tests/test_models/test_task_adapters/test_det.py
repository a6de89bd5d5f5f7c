# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The way into a detector, and what is checked before a long run."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from mmengine.dataset import BaseDataset
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.models.task_adapters import DetAdapter
from tests.utils.samples import SIZES, build_model, det_batch
from tests.utils.tiny import CLASSES, fcos


@pytest.fixture(scope='module')
def task() -> nn.Module:
    return build_model(sr=None).task


def make_dataset(root: Path, classes: tuple[str, ...] = CLASSES) -> BaseDataset:
    from mmdet.datasets import CocoDataset

    return CocoDataset(
        data_root=str(root),
        ann_file='ann.json',
        data_prefix=dict(img='images/'),
        metainfo=dict(classes=classes),
        pipeline=[],
    )


def test_preprocessing_is_differentiable_and_as_the_detector_says(task: nn.Module) -> None:
    images = [torch.rand(3, *size, requires_grad=True) for size in SIZES]
    data = DetAdapter(task).preprocess(images, None, training=False)
    mean = torch.tensor([102.9801, 115.9465, 122.7717]).view(3, 1, 1)  # BGR
    expected = images[1].detach()[[2, 1, 0]] * 255 - mean
    assert data['inputs'].shape == (2, 3, 64, 96)
    torch.testing.assert_close(data['inputs'][1, :, :50, :70].detach(), expected)
    assert not data['inputs'][1, :, 50:].any()  # padded after normalisation, as mmdet does
    data['inputs'].sum().backward()
    assert all((image.grad - 255).abs().max() < 1e-3 for image in images)


def test_copies_share_no_element_and_have_the_factor_that_detectors_ask_for() -> None:
    samples = det_batch(masks=True)['data_samples']
    copies = DetAdapter(torch.nn.Identity()).copy(samples)
    copies[0].gt_instances.bboxes = torch.zeros(2, 4)
    copies[0].set_metainfo(dict(img_path='other'))
    assert copies[0].scale_factor == (1.0, 1.0)
    assert samples[0].gt_instances.bboxes.any()
    assert samples[0].img_path == '0.png'
    assert 'scale_factor' not in samples[0]


def test_factor_of_a_resize_is_kept() -> None:
    samples = det_batch()['data_samples']
    samples[0].set_metainfo(dict(scale_factor=(2.0, 2.0)))
    assert DetAdapter(torch.nn.Identity()).copy(samples)[0].scale_factor == (2.0, 2.0)


def test_good_data_set_passes(task: torch.nn.Module, coco: Path) -> None:
    DetAdapter(task).check_dataset(make_dataset(coco))


def test_class_that_the_annotations_lack_is_named(task: nn.Module, coco: Path) -> None:
    with pytest.raises(DataError, match=r'ann\.json lacks the classes star .*has disc, square'):
        DetAdapter(task).check_dataset(make_dataset(coco, ('disc', 'star')))


def test_number_of_classes_of_another_data_set_is_told(coco: Path) -> None:
    task = build_model(sr=None, task=fcos() | dict(num_classes=7)).task
    with pytest.raises(ConfigError, match=r'has 2 classes \(disc, square\).*bbox_head.*7'):
        DetAdapter(task).check_dataset(make_dataset(coco))


def test_missing_image_is_named(task: nn.Module, coco: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(coco, tmp_path / 'coco'))
    (root / 'images' / '3.png').unlink()
    with pytest.raises(DataError, match=r'images/3\.png is missing.*data_prefix'):
        DetAdapter(task).check_dataset(make_dataset(root))


def test_classes_may_be_some_of_the_files(coco: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(coco, tmp_path / 'coco'))
    content = json.loads((root / 'ann.json').read_text())
    content['categories'].append(dict(id=9, name='star'))
    (root / 'ann.json').write_text(json.dumps(content))
    task = build_model(sr=None).task
    DetAdapter(task).check_dataset(make_dataset(root))
