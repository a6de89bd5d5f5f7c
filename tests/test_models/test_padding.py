# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Detectors whose configs pad in the pipeline pad in the model."""

import pytest

from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.padding import add_padding


@pytest.mark.parametrize(
    ('pad', 'strides', 'divisor'),
    [
        (dict(size_divisor=16), [8, 32], 16),
        (dict(size=(640, 640)), [8, 16, 32], 32),
        (dict(size=(640, 384)), [], 128),
        (dict(size=(500, 500)), [8, 16, 32], 4),  # as far as is known
        (dict(pad_to_square=True), [8, 32], 1),
    ],
)
def test_divisor(pad: dict, strides: list[int], divisor: int) -> None:
    model = dict(
        data_preprocessor=dict(type='DetDataPreprocessor', pad_size_divisor=1),
        bbox_head=dict(anchor_generator=dict(strides=strides)),
    )
    pipeline = [dict(type='LoadImageFromFile'), dict(type='Pad', **pad)]
    add_padding(model, dict(train_dataloader=dict(dataset=dict(pipeline=pipeline))))
    assert model['data_preprocessor']['pad_size_divisor'] == divisor


def test_what_a_config_says_of_its_model_stays() -> None:
    rtmdet = 'mmdet::rtmdet/rtmdet_tiny_8xb32-300e_coco.py'
    net, _ = build_net(rtmdet, 'model.task', replaced=[''])
    assert net.data_preprocessor.pad_size_divisor == 32
    assert net.data_preprocessor.pad_mask
    own = dict(cfg_path=rtmdet, data_preprocessor=dict(pad_size_divisor=64))
    net, _ = build_net(own, 'model.task', replaced=[''])
    assert net.data_preprocessor.pad_size_divisor == 64
