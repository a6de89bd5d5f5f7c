# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Classifiers of mmpretrain, each from the library's own config, in SR4IR."""

import pytest
import torch

from sr4ir_mm.models import SR4IR
from tests.utils.any_model import (
    cases,
    check_bfloat16,
    check_phases_of_sr4ir,
    check_task_loss_reaches_every_image,
)
from tests.utils.samples import (
    TINY_EDSR,
    build_model,
    cls_batch,
)
from tests.utils.tiny import CLASSES

SIZE = 64  # ViT and Swin need one size, told beforehand

# What the configs are narrowed by, and nothing else.
CLASSIFIERS = {
    'resnet/resnet18_8xb32_in1k': dict(backbone=dict(base_channels=8), head=dict(in_channels=64)),
    'resnet/resnet50_8xb32_in1k': dict(backbone=dict(base_channels=4), head=dict(in_channels=128)),
    'mobilenet_v3/mobilenet-v3-large_8xb128_in1k': {},
    'swin_transformer/swin-tiny_16xb64_in1k': dict(
        backbone=dict(
            _delete_=True,
            type='SwinTransformer',
            arch=dict(embed_dims=16, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2]),
            img_size=SIZE,
            window_size=2,
        ),
        head=dict(in_channels=128),
    ),
    'convnext/convnext-tiny_32xb128_in1k': dict(
        backbone=dict(
            _delete_=True,
            type='ConvNeXt',
            arch=dict(depths=[1, 1, 1, 1], channels=[8, 16, 32, 64]),
        ),
        head=dict(in_channels=64),
    ),
    'deit/deit-small_4xb256_in1k': dict(
        backbone=dict(
            _delete_=True,
            type='VisionTransformer',
            arch=dict(embed_dims=16, num_layers=2, num_heads=2, feedforward_channels=32),
            img_size=SIZE,
            patch_size=16,
        ),
        head=dict(in_channels=16, init_cfg=dict(type='TruncNormal', layer='Linear', std=0.1)),
    ),
}


@pytest.fixture(scope='module', params=cases(CLASSIFIERS))
def case(request: pytest.FixtureRequest) -> tuple[SR4IR, dict]:
    path = request.param
    # topk: the configs' (1, 5) asks for five classes.
    head = dict(CLASSIFIERS[path].get('head', {}), topk=(1,))
    task = dict(
        CLASSIFIERS[path],
        cfg_path=f'mmpretrain::{path}.py',
        num_classes=len(CLASSES),
        head=head,
    )
    model = build_model(task=task, sr=TINY_EDSR)
    return model, model.data_preprocessor(cls_batch((SIZE, SIZE)), True)


def test_phases_of_sr4ir(case: tuple[SR4IR, dict]) -> None:
    assert check_phases_of_sr4ir(*case) == {'loss'}


def test_bfloat16(case: tuple[SR4IR, dict]) -> None:
    check_bfloat16(*case)


def test_task_loss_reaches_every_image(case: tuple[SR4IR, dict]) -> None:
    check_task_loss_reaches_every_image(*case)


def test_features_are_maps_of_the_backbone(case: tuple[SR4IR, dict]) -> None:
    model, data = case
    model.eval()
    feats = model.adapter('task').features(data['inputs']['hr'], (-1,))
    expected = model.task.backbone(
        model.adapter('task').preprocess(data['inputs']['hr'], None, training=False)['inputs']
    )
    model.train()
    assert len(feats) == len(expected)
    torch.testing.assert_close(feats[-1], expected[-1])


def test_predicts_classes_in_data_samples(case: tuple[SR4IR, dict]) -> None:
    model, data = case
    model.eval()
    results = model(**data, mode='predict')
    model.train()
    for result, sample in zip(results, data['data_samples'], strict=True):
        torch.testing.assert_close(result.pred_score.sum(), torch.tensor(1.0))
        assert 0 <= result.pred_label.item() < len(CLASSES)
        assert result.gt_label == sample.gt_label
        assert 'pred_score' not in sample
        assert result.sr.shape == result.hr.shape == (3, SIZE, SIZE)
