# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is checked before a segmentor is trained, and how images reach it."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.dataset import BaseDataset
from PIL import Image
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.models.task_adapters import SegAdapter
from tests.utils.samples import SIZES, build_model, seg_batch
from tests.utils.tiny import fcn
from tests.utils.tiny_data import make_voc

CLASSES = ('sky', 'road', 'car')


@pytest.fixture(scope='module')
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp('voc')
    make_voc(folder)
    return folder / 'VOCdevkit' / 'VOC2012'


@pytest.fixture(scope='module')
def task() -> nn.Module:
    return build_model(sr=None, task=fcn(num_classes=len(CLASSES))).task


def make_dataset(root: Path, classes: tuple[str, ...] = CLASSES) -> BaseDataset:
    from mmseg.datasets import BaseSegDataset

    return BaseSegDataset(
        data_root=str(root),
        ann_file='ImageSets/Segmentation/train.txt',
        data_prefix=dict(img_path='JPEGImages', seg_map_path='SegmentationClass'),
        metainfo=dict(classes=classes),
        pipeline=[dict(type='sr4ir_mm.LoadImage'), dict(type='mmseg.LoadAnnotations')],
    )


def test_preprocessing_is_differentiable_and_as_the_segmentor_says(task: nn.Module) -> None:
    images = [torch.rand(3, *size, requires_grad=True) for size in SIZES]
    samples = seg_batch()['data_samples']
    data = SegAdapter(task).preprocess(
        images, SegAdapter(torch.nn.Identity()).copy(samples), training=True
    )
    mean = torch.tensor([123.675, 116.28, 103.53]).view(3, 1, 1)
    std = torch.tensor([58.395, 57.12, 57.375]).view(3, 1, 1)
    expected = (images[1].detach() * 255 - mean) / std
    assert data['inputs'].shape == (2, 3, 64, 96)
    torch.testing.assert_close(data['inputs'][1, :, :50, :70].detach(), expected)
    assert data['data_samples'][1].gt_sem_seg.shape == (64, 96)
    assert (data['data_samples'][1].gt_sem_seg.data[:, 50:] == 255).all()
    data['inputs'].sum().backward()
    assert all(
        (image.grad.mean((1, 2)) - 255 / std.flatten()).abs().max() < 1e-3 for image in images
    )


def test_features_of_images_of_several_sizes(task: nn.Module) -> None:
    images = [torch.rand(3, *size) for size in SIZES]
    with torch.no_grad():
        feats = SegAdapter(task).features(images, range(4))
    assert [tuple(feat.shape[:2]) for feat in feats] == [(2, c) for c in (8, 16, 32, 64)]


def test_good_data_set_passes(task: torch.nn.Module, root: Path) -> None:
    assert SegAdapter(task).check_dataset(make_dataset(root)) == []


def test_number_of_classes_of_another_data_set_is_told(task: nn.Module, root: Path) -> None:
    with pytest.raises(ConfigError, match=r'has 2 classes \(sky, road\).*decode_head.*3'):
        SegAdapter(task).check_dataset(make_dataset(root, CLASSES[:2]))


def test_label_that_is_no_class_is_told_with_its_file(root: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    path = copy / 'SegmentationClass' / 'b.png'
    Image.fromarray(np.full((40, 56), 7, np.uint8)).save(path)
    task = build_model(sr=None, task=fcn(num_classes=3)).task
    with pytest.raises(DataError, match=r'b\.png has the label 7, but there are 3 classes'):
        SegAdapter(task).check_dataset(make_dataset(copy))


@pytest.mark.parametrize('missing', ['JPEGImages/b.jpg', 'SegmentationClass/b.png'])
def test_missing_file_is_named(task: nn.Module, root: Path, tmp_path: Path, missing: str) -> None:
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    (copy / missing).unlink()
    with pytest.raises(DataError, match=rf'{missing} is missing.*data_prefix'):
        SegAdapter(task).check_dataset(make_dataset(copy))


def test_segmentor_that_cannot_pad_is_refused(root: Path) -> None:
    task = build_model(sr=None, task=fcn(num_classes=3)).task
    task.data_preprocessor.size_divisor = None
    with pytest.raises(ConfigError, match='data_preprocessor needs either size'):
        SegAdapter(task).check_dataset(make_dataset(root))


LABELS = np.ones((40, 56), np.uint8)
BAD_MAPS = {
    'colour': (np.dstack([LABELS] * 3), r'b\.png is a colour picture \(RGB\)'),
    'alpha': (np.dstack([LABELS] * 2), r'b\.png is a colour picture \(LA\)'),
    'size': (LABELS[:20], r'b\.png is 56x20 pixels, but its image is 56x40'),
    'turned': (LABELS.T, r'b\.png is 40x56 pixels'),
    '16 bits': (LABELS.astype(np.uint16) * 258, r'b\.png has the label 258: .* would be 2'),
    'unknown': (LABELS * 3, r'b\.png has the label 3, but there are 3 classes'),
}


@pytest.mark.parametrize('case', BAD_MAPS)
def test_map_that_is_none_is_named(case: str, task: nn.Module, root: Path, tmp_path: Path) -> None:
    pixels, message = BAD_MAPS[case]
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    Image.fromarray(pixels).save(copy / 'SegmentationClass' / 'b.png')
    with pytest.raises(DataError, match=message):
        SegAdapter(task).check_dataset(make_dataset(copy))


@pytest.mark.parametrize('content', [b'', b'no picture'])
def test_map_that_is_no_picture_is_named(
    content: bytes, task: nn.Module, root: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    (copy / 'SegmentationClass' / 'b.png').write_bytes(content)
    with pytest.raises(DataError, match=r'b\.png cannot be read: it is not a picture'):
        SegAdapter(task).check_dataset(make_dataset(copy))


def test_maps_of_16_bits_bits_and_palettes_are_label_maps(
    task: nn.Module, root: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    path = copy / 'SegmentationClass' / 'b.png'
    palette = Image.fromarray(LABELS, 'P')
    palette.putpalette([0, 0, 0, 128, 0, 0])
    images = [palette, Image.fromarray(LABELS.astype(np.uint16)), Image.fromarray(LABELS > 0)]
    for image in images:
        image.save(path)
        assert SegAdapter(task).check_dataset(make_dataset(copy)) == []


def test_maps_from_which_little_or_nothing_can_be_learnt(
    task: nn.Module, root: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(root, tmp_path / 'voc'))
    maps = [copy / 'SegmentationClass' / f'{stem}.png' for stem in ('a', 'b')]
    Image.fromarray(LABELS * 255).save(maps[0])
    Image.fromarray((LABELS.cumsum(1) > 9) * np.uint8(255)).save(maps[1])
    (note,) = SegAdapter(task).check_dataset(make_dataset(copy))
    assert note.startswith('Of 2 label maps looked at: no label but 0 and, to be ignored, 255')
    assert '1 label maps of nothing but 255, which is ignored' in note
    assert 'a.png' in note
    Image.fromarray(LABELS * 255).save(maps[1])
    with pytest.raises(DataError, match='Nothing can be learnt .* 2 label maps of nothing but 255'):
        SegAdapter(task).check_dataset(make_dataset(copy))
