# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The algorithm itself: weights, modes, predictions."""

from typing import Any

import pytest
import torch
from mmengine.registry import init_default_scope

from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.registry import MODELS
from tests.utils.samples import det_batch
from tests.utils.tiny import RESNET, fcos

SR = dict(type='BilinearUpsampler', scale=4)


def build(**kwargs: Any) -> Any:
    init_default_scope('sr4ir_mm')
    return MODELS.build(dict(type='SR4IR', scale=4, sr=SR, **kwargs))


def test_weights_that_are_not_available_are_named(tmp_path: Any) -> None:
    path = str(tmp_path / 'resnet.pth')
    task = fcos()
    task['backbone'] = dict(
        RESNET, _delete_=True, init_cfg=dict(type='Pretrained', checkpoint=path)
    )
    with pytest.raises(CheckpointError, match='not available') as error:
        build(task=task, init={}).init_weights()
    assert f'model.task.backbone.init_cfg ({path})' in str(error.value)


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(scale=0), 'scale is 0'),
        (dict(init=dict(gan='x.pth')), "names 'gan'"),
    ],
)
def test_bad_arguments(kwargs: dict, message: str) -> None:
    init_default_scope('sr4ir_mm')
    with pytest.raises(ConfigError, match=message):
        MODELS.build(dict(type='SR4IR', **kwargs))
    with pytest.raises(ConfigError, match="no mode 'loss'"):
        build()({}, [], mode='loss')
    model = build(init={'task.backbone': 'x.pth'})
    with pytest.raises(ConfigError, match=r'model\.task is None'):
        model.init_weights()


@pytest.mark.parametrize('compare_padded', [False, True])
def test_prediction_holds_what_the_metrics_compare(compare_padded: bool) -> None:
    init_default_scope('sr4ir_mm')
    data = det_batch([(41, 56)])
    model = build(task=fcos(), compare_padded=compare_padded).eval()
    sample = model.val_step(data)[0]
    size = (3, 44, 56) if compare_padded else (3, 41, 56)
    assert sample.sr.shape == sample.hr.shape == size
    assert sample.lr.shape == (3, 11, 14)
    # hr as it was loaded: BGR in 0..255
    expected = data['inputs'][0].flip(0).float() / 255
    torch.testing.assert_close(sample.hr[:, :41], expected)
    up = torch.nn.UpsamplingBilinear2d(scale_factor=4)(sample.lr[None])[0]
    torch.testing.assert_close(sample.sr, up[:, : size[1]])
    oracle = build(task=fcos(), predict_on='hr').eval().val_step(data)[0]
    assert torch.equal(oracle.sr, oracle.hr)
