# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Segmentors of mmseg, each from the library's own config, in SR4IR."""

import pytest
import torch
from mmengine.model import revert_sync_batchnorm

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
    run_phase,
    seg_batch,
    setting,
)
from tests.utils.tiny import CLASSES

CROP = dict(data_preprocessor=dict(size=(64, 96)))
RESNET = dict(base_channels=8)
FCN_AUX = dict(in_channels=128, channels=8)
STAGE = dict(num_modules=1)

# What the configs are narrowed by, and nothing else.
SEGMENTORS = {
    'deeplabv3/deeplabv3_r50-d8_4xb2-40k_cityscapes-512x1024': dict(
        CROP,
        backbone=RESNET,
        decode_head=dict(in_channels=256, channels=16),
        auxiliary_head=FCN_AUX,
    ),
    'hrnet/fcn_hr18s_4xb2-40k_cityscapes-512x1024': dict(
        CROP,
        backbone=dict(
            extra=dict(
                stage1=dict(num_blocks=(1,), num_channels=(16,)),
                stage2=dict(num_blocks=(1, 1), num_channels=(8, 16)),
                stage3=dict(STAGE, num_blocks=(1, 1, 1), num_channels=(8, 16, 32)),
                stage4=dict(STAGE, num_blocks=(1, 1, 1, 1), num_channels=(8, 16, 32, 64)),
            ),
        ),
        decode_head=dict(in_channels=[8, 16, 32, 64], channels=120),
    ),
    'segformer/segformer_mit-b0_8xb1-160k_cityscapes-1024x1024': dict(
        CROP,
        backbone=dict(embed_dims=8, num_layers=[1, 1, 1, 1], init_cfg=None),
        decode_head=dict(in_channels=[8, 16, 40, 64], channels=16),
        test_cfg=dict(mode='whole'),
    ),
    'pspnet/pspnet_r50-d8_4xb2-40k_cityscapes-512x1024': dict(
        CROP,
        backbone=RESNET,
        decode_head=dict(in_channels=256, channels=16),
        auxiliary_head=FCN_AUX,
    ),
    'bisenetv2/bisenetv2_fcn_4xb4-160k_cityscapes-1024x1024': dict(CROP),
}


@pytest.fixture(scope='module', params=cases(SEGMENTORS))
def case(request: pytest.FixtureRequest) -> tuple[SR4IR, dict]:
    path = request.param
    task = dict(
        SEGMENTORS[path],
        cfg_path=f'mmseg::{path}.py',
        num_classes=len(CLASSES),
        pretrained=None,
    )
    model = build_model(task=task, sr=TINY_EDSR)
    revert_sync_batchnorm(model)  # as MMEngine's runner does for one process
    # Two sizes, as mmseg's own pipelines give where an image is smaller than the crop.
    return model, model.data_preprocessor(seg_batch(), True)


def test_phases_of_sr4ir(case: tuple[SR4IR, dict]) -> None:
    assert 'decode.loss_ce' in check_phases_of_sr4ir(*case)


def test_bfloat16(case: tuple[SR4IR, dict], request: pytest.FixtureRequest) -> None:
    if 'bisenetv2' in request.node.name:
        pytest.skip('half a minute where the CPU has no bfloat16; it is not made narrower')
    check_bfloat16(*case)


def test_task_loss_reaches_every_image(case: tuple[SR4IR, dict]) -> None:
    check_task_loss_reaches_every_image(*case)


def test_targets_stay_as_they_are(case: tuple[SR4IR, dict]) -> None:
    model, data = case
    before = [sample.gt_sem_seg.data.clone() for sample in data['data_samples']]
    run_phase(model, data, setting('sr4ir')[1])
    for label, sample in zip(before, data['data_samples'], strict=True):
        assert torch.equal(label, sample.gt_sem_seg.data)
        assert 'padding_size' not in sample


def test_predicts_at_the_size_of_the_label_map(case: tuple[SR4IR, dict]) -> None:
    model, _ = case
    data = model.data_preprocessor(seg_batch([(64, 96)], label_size=(40, 60)))
    model.eval()
    (result,) = model(**data, mode='predict')
    model.train()
    assert result.pred_sem_seg.shape == result.gt_sem_seg.shape == (40, 60)
    assert set(result.pred_sem_seg.data.unique().tolist()) <= set(range(len(CLASSES)))
    assert result.sr.shape == result.hr.shape == (3, 64, 96)
