# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An annotation file that keeps a run from beginning is named, whoever reads it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.registry import DATASETS, init_default_scope

from sr4ir_mm.apis.annotation_files import naming_annotations
from sr4ir_mm.errors import ConfigError, DataError
from tests.utils.tiny import ROOT


def edit(change: Callable[[dict], Any]) -> Callable[[str], str]:
    def apply(text: str) -> str:
        content = json.loads(text)
        change(content)
        return json.dumps(content)

    return apply


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    'cut off': (lambda text: text[:-50], 'are not JSON, or are cut off'),
    'empty': (lambda text: '', 'are not JSON'),
    'a list': (lambda text: '[]', 'it is a list and has no images'),
    'no images': (edit(lambda c: c.pop('images')), "no list 'images'"),
    'no categories': (edit(lambda c: c.pop('categories')), "no list 'categories'"),
    'no size': (edit(lambda c: c['images'][2].pop('height')), r"images\[2\] lacks 'height'"),
    'no box': (edit(lambda c: c['annotations'][1].pop('bbox')), r"annotations\[1\] lacks 'bbox'"),
    'no area': (edit(lambda c: c['annotations'][0].pop('area')), r"annotations\[0\] lacks 'area'"),
    'no image': (edit(lambda c: c['annotations'][0].pop('image_id')), "lacks 'image_id'"),
    'ids': (
        edit(lambda c: c['annotations'][0].update(id=2)),
        r'whose id is not .* \(2 2',
    ),
}


@pytest.fixture
def cfg(coco: Path, tmp_path: Path) -> Config:
    """A data set and a metric that read one file."""
    path = Path(shutil.copytree(coco, tmp_path / 'coco')) / 'ann.json'
    dataset = dict(type='mmdet.CocoDataset', data_root=str(path.parent), ann_file=path.name)
    dataset |= dict(data_prefix=dict(img='images/'), metainfo=dict(classes=('disc', 'square')))
    metric = dict(type='mmdet.CocoMetric', ann_file=str(path))
    return Config(dict(train_dataloader=dict(dataset=dataset), val_evaluator=[metric]))


@pytest.mark.parametrize('case', SPOILT)
def test_file_and_key_are_named(case: str, cfg: Config) -> None:
    spoil, message = SPOILT[case]
    path = Path(cfg.val_evaluator[0].ann_file)
    path.write_text(spoil(path.read_text()))
    init_default_scope('sr4ir_mm')
    with pytest.raises(DataError, match=rf'ann\.json.*{message}'), naming_annotations(cfg):
        DATASETS.build(cfg.train_dataloader.dataset)


@pytest.mark.parametrize('content', ['', None])
def test_a_metrics_file_is_named(content: str | None, cfg: Config) -> None:
    path = Path(cfg.val_evaluator[0].ann_file)
    path.unlink() if content is None else path.write_text(content)
    init_default_scope('sr4ir_mm')
    message = r'ann\.json (are not JSON|cannot be read: No such file)'
    with pytest.raises(DataError, match=message), naming_annotations(cfg):
        Evaluator(cfg.val_evaluator)


def test_other_errors_are_left_alone(cfg: Config) -> None:
    with pytest.raises(ZeroDivisionError), naming_annotations(cfg):
        1 / 0  # noqa: B018
    Path(cfg.val_evaluator[0].ann_file).write_text('')
    with pytest.raises(ConfigError), naming_annotations(cfg):
        raise ConfigError('mine')


@pytest.mark.parametrize(
    ('root', 'message'),
    [
        ('data/CUB_200_2011', r'no folder data/CUB_200_2011, .*train_dataloader.*prepare_cub\.py'),
        ('/no/such', r'no folder /no/such, the data_root of train_dataloader\.$'),
    ],
)
def test_a_missing_folder_is_named_and_what_makes_it(root: str, message: str) -> None:
    cfg = Config.fromfile(ROOT / 'configs/sr4ir/cls_cub_edsr_x4.py')
    cfg.train_dataloader.dataset.data_root = root
    with pytest.raises(DataError, match=message), naming_annotations(cfg):
        raise FileNotFoundError('images.txt')
