# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The way into a detector, and what is checked before a long run."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.dataset import BaseDataset
from PIL import Image
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.evaluation.metrics import PSNR
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.task_adapters import DetAdapter
from tests.utils.samples import SIZES, build_model, det_batch
from tests.utils.tiny import CLASSES, fcos


@pytest.fixture(scope='module')
def task() -> nn.Module:
    return build_model(sr=None).task


def make_dataset(
    root: Path, classes: tuple[str, ...] = CLASSES, pipeline: tuple[dict, ...] = ()
) -> BaseDataset:
    from mmdet.datasets import CocoDataset

    return CocoDataset(
        data_root=str(root),
        ann_file='ann.json',
        data_prefix=dict(img='images/'),
        metainfo=dict(classes=classes),
        pipeline=list(pipeline),
    )


def edited(coco: Path, tmp_path: Path, edit: Callable[[dict], Any]) -> Path:
    """Copy the data set with other annotations."""
    root = Path(shutil.copytree(coco, tmp_path / 'coco'))
    content = json.loads((root / 'ann.json').read_text())
    edit(content)
    (root / 'ann.json').write_text(json.dumps(content))
    return root


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
    assert DetAdapter(task).check_dataset(make_dataset(coco)) == []


def test_class_that_the_annotations_lack_is_named(task: nn.Module, coco: Path) -> None:
    with pytest.raises(DataError, match=r'ann\.json lacks the classes star .*has disc, square'):
        DetAdapter(task).check_dataset(make_dataset(coco, ('disc', 'star')))


def test_number_of_classes_of_another_data_set_is_told(coco: Path) -> None:
    task = build_model(sr=None, task=fcos() | dict(num_classes=7)).task
    with pytest.raises(ConfigError, match=r'has 2 classes \(disc, square\).*bbox_head.*7'):
        DetAdapter(task).check_dataset(make_dataset(coco))


@pytest.mark.parametrize(
    'task',
    [
        'mmdet::rpn/rpn_r50_fpn_1x_coco.py',
        dict(
            cfg_path='mmdet::cascade_rpn/cascade-rpn_faster-rcnn_r50-caffe_fpn_1x_coco.py',
            num_classes=2,
        ),
    ],
    ids=['alone', 'in stages'],
)
def test_region_proposals_have_no_classes(task: str | dict, coco: Path) -> None:
    net = build_net(task, 'model.task')[0]
    assert DetAdapter(net).check_dataset(make_dataset(coco)) == []


def test_missing_image_is_named(task: nn.Module, coco: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(coco, tmp_path / 'coco'))
    (root / 'images' / '3.png').unlink()
    with pytest.raises(DataError, match=r'images/3\.png is missing.*data_prefix'):
        DetAdapter(task).check_dataset(make_dataset(root))


def test_classes_may_be_some_of_the_files(task: nn.Module, coco: Path, tmp_path: Path) -> None:
    root = edited(coco, tmp_path, lambda c: c['categories'].append(dict(id=9, name='star')))
    assert DetAdapter(task).check_dataset(make_dataset(root)) == []


def test_classes_must_be_in_the_order_of_the_file(task: nn.Module, coco: Path) -> None:
    with pytest.raises(DataError, match='order disc, square, .* order square, disc: labels'):
        DetAdapter(task).check_dataset(make_dataset(coco, ('square', 'disc')))


def _rename(content: dict) -> None:
    content['images'][2]['file_name'] = 'other.png'


@pytest.mark.parametrize(
    ('edit', 'words'),
    [
        (_rename, r'image img_2 is .*images/2\.png here and other\.png there'),
        (lambda c: c['images'].pop(4), r'image img_4 is .*images/4\.png here and not there'),
        (lambda c: c['annotations'].clear(), 'has no annotations, so there is nothing to measure'),
        (lambda c: c.pop('annotations'), 'has no annotations, so there is nothing to measure'),
    ],
    ids=['another image', 'fewer images', 'no boxes', 'no list of boxes'],
)
def test_a_metric_of_other_images_or_of_nothing_is_refused(
    edit: Callable[[dict], Any], words: str, task: nn.Module, coco: Path, tmp_path: Path
) -> None:
    from mmdet.evaluation import CocoMetric

    adapter, dataset = DetAdapter(task), make_dataset(coco)
    own = CocoMetric(ann_file=str(coco / 'ann.json'))
    for fine in (own, CocoMetric(), PSNR()):
        adapter.check_metric(fine, dataset)
    other = edited(coco, tmp_path, edit) / 'ann.json'
    with pytest.raises(DataError, match=rf'CocoMetric .*{words}'):
        adapter.check_metric(CocoMetric(ann_file=str(other)), dataset)
    without_scores = CocoMetric(ann_file=str(other), format_only=True, outfile_prefix='x')
    adapter.check_metric(without_scores, dataset)


def test_boxes_are_checked_by_the_file(task: nn.Module, coco: Path, tmp_path: Path) -> None:
    root = edited(coco, tmp_path, lambda c: c['annotations'][0].update(image_id='nobody'))
    (note,) = DetAdapter(task).check_dataset(make_dataset(root))
    assert '1 annotations of no image (annotation 1 of image nobody)' in note
    content = json.loads((root / 'ann.json').read_text())
    content['images'][1]['id'] = 'img_0'
    (root / 'ann.json').write_text(json.dumps(content))
    with pytest.raises(DataError, match=r'1 images whose id is not theirs alone \(img_0 2 times'):
        DetAdapter(task).check_dataset(make_dataset(root))


class Boxes(BaseDataset):
    """A data set in a form of its own."""

    METAINFO = dict(classes=CLASSES)

    def __init__(self, instances: list[dict], **options: Any) -> None:
        self.instances = instances
        super().__init__(**options)

    def load_data_list(self) -> list[dict]:
        info = dict(img_path=__file__, width=100, height=80)
        return [dict(info, instances=[one]) for one in self.instances]


def test_boxes_of_any_form_are_checked(task: nn.Module) -> None:
    good = dict(bbox=[10, 10, 50, 60], bbox_label=1)
    assert DetAdapter(task).check_dataset(Boxes([good] * 3)) == []
    (note,) = DetAdapter(task).check_dataset(Boxes([good] * 3 + [dict(good, bbox=[9, 9, 9, 9])]))
    assert '1 boxes without width or height' in note
    for bad, message in (
        (dict(good, bbox_label=2), '1 labels that are none of 2 classes'),
        (dict(good, bbox=[float('nan'), 1, 2, 3]), '1 boxes that are not four finite numbers'),
        (dict(good, ignore_flag=1), 'there is no box to learn from'),
        (dict(good, bbox=[0.1, 0.1, 0.5, 0.6]), 'numbers from 0 to 1'),
    ):
        with pytest.raises(DataError, match=message):
            DetAdapter(task).check_dataset(Boxes([bad]))
    assert DetAdapter(task).check_dataset(Boxes([dict(bbox=[1, 2, 3, 4, 0.5])])) == []  # turned


def test_headers_are_read_where_images_are_loaded_as_pictures(
    task: nn.Module, coco: Path, tmp_path: Path
) -> None:
    load = dict(type='sr4ir_mm.LoadImage')
    assert DetAdapter(task).check_dataset(make_dataset(coco, pipeline=(load,))) == []
    root = edited(coco, tmp_path, lambda c: c['images'][3].update(width=40, height=56))
    with pytest.raises(DataError, match=r'3\.png is 56x40 pixels.*for 40x56, turned on its side'):
        DetAdapter(task).check_dataset(make_dataset(root, pipeline=(load,)))
    pages = Image.new('F', (56, 40))
    pages.save(root / 'images' / '3.png', 'TIFF')
    with pytest.raises(DataError, match=r'3\.png holds floating-point numbers'):
        DetAdapter(task).check_dataset(make_dataset(root, pipeline=(load,)))
    own = make_dataset(root)  # loads images in a way of its own
    assert DetAdapter(task).check_dataset(own) == []
