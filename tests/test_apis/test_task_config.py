# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What follows from the config of the task model."""

from typing import Any

import pytest
from mmengine.config import Config

from sr4ir_mm.apis.task_config import check_annotations, complete_from_task, note_optimizer
from sr4ir_mm.errors import ConfigError

MASK_RCNN = 'mmdet::mask_rcnn/mask-rcnn_r50_fpn_1x_coco.py'
PIDNET = 'mmseg::pidnet/pidnet-s_2xb6-120k_1024x1024-cityscapes.py'
CSRA = 'mmpretrain::csra/resnet101-csra_1xb16_voc07-448px.py'
MASKS = dict(type='LoadAnnotations', with_bbox=True, with_mask=True)
EDGES = dict(type='GenerateEdge', edge_width=4)
LOAD = dict(type='sr4ir_mm.LoadImage')
BOXES = dict(type='LoadAnnotations', with_bbox=True)


def config(task: Any, pipeline: Any, scope: str = 'mmdet', **kwargs: Any) -> Config:
    dataset = dict(_scope_=scope, type='CocoDataset', pipeline=pipeline, **kwargs)
    loader = dict(dataset=dict(type='RepeatDataset', dataset=dataset))
    cfg = dict(model=dict(task=task), train_dataloader=loader, test_dataloader=loader)
    return Config(cfg)


def test_pipeline_of_the_task_model() -> None:
    cfg = config(MASK_RCNN, 'task')
    complete_from_task(cfg)
    steps = cfg.train_dataloader.dataset.dataset.pipeline
    assert [step['type'] for step in steps][:2] == ['LoadImageFromFile', 'LoadAnnotations']
    assert steps[1]['with_mask'] is True
    assert {step['_scope_'] for step in steps} == {'mmdet'}
    check_annotations(cfg)
    test = [step['type'] for step in cfg.test_dataloader.dataset.dataset.pipeline]
    assert 'RandomFlip' not in test
    assert test[-1] == 'PackDetInputs'


def test_another_word_is_told_what_there_is() -> None:
    with pytest.raises(ConfigError, match="pipeline = 'tsk': it is a list .* or 'task' for those"):
        complete_from_task(config(MASK_RCNN, 'tsk'))


def test_a_model_without_a_config_has_none() -> None:
    with pytest.raises(ConfigError, match=r"pipeline = 'task'.*no cfg_path"):
        complete_from_task(config(dict(type='mmdet.RetinaNet'), 'task'))


@pytest.mark.parametrize(
    ('task', 'scope', 'lacking', 'added'),
    [
        (MASK_RCNN, 'mmdet', r'lacks with_mask=True of LoadAnnotations', MASKS),
        (PIDNET, 'mmseg', r"lacks dict\(type='GenerateEdge', edge_width=4\)", EDGES),
    ],
)  # fmt: skip
def test_annotations_that_are_not_loaded(task: str, scope: str, lacking: str, added: dict) -> None:
    first = BOXES if scope == 'mmdet' else dict(type='LoadAnnotations')
    with pytest.raises(ConfigError, match=lacking + r".*pipeline='task'"):
        check_annotations(config(task, [LOAD, first], scope))
    check_annotations(config(task, [LOAD, first, added], scope))
    off = config(task, [LOAD, first], scope)
    off.default_hooks = dict(dataset_check=None)
    check_annotations(off)


def test_keys_for_metrics_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    check_annotations(config(CSRA, [LOAD, dict(type='PackInputs')], 'mmpretrain'))
    assert 'gt_label_difficult' in capsys.readouterr().out


def test_another_optimizer_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    cfg = config('mmdet::detr/detr_r18_8xb2-500e_coco.py', [])
    cfg.phases = [dict(update='sr'), dict(update='task')]
    cfg.optim_wrapper = dict(task=dict(optimizer=dict(type='SGD', lr=0.02)))
    note_optimizer(cfg)
    assert 'trains with AdamW at 0.0001, this config with SGD at 0.02;' in capsys.readouterr().out
    cfg.model.task = MASK_RCNN  # which trains with SGD, too
    note_optimizer(cfg)
    assert capsys.readouterr().out == ''
    cfg.model.task, cfg.phases = 'mmdet::detr/detr_r18_8xb2-500e_coco.py', [dict(update='sr')]
    note_optimizer(cfg)
    assert capsys.readouterr().out == ''


def test_things_and_stuff_follow_the_data_set() -> None:
    names = dict(classes=('a', 'b', 'c'), thing_classes=('a', 'b'), stuff_classes=('c',))
    cfg = config('mmdet::panoptic_fpn/panoptic-fpn_r50_fpn_1x_coco.py', [], metainfo=names)
    complete_from_task(cfg)
    assert (cfg.model.task.num_things_classes, cfg.model.task.num_stuff_classes) == (2, 1)
    cfg = config('mmdet::retinanet/retinanet_r18_fpn_1x_coco.py', [], metainfo=names)
    complete_from_task(cfg)
    assert 'num_things_classes' not in cfg.model.task
