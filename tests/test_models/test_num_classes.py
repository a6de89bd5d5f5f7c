# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Numbers of classes, and what follows them."""

import pytest

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.num_classes import check_class_weights, set_num_classes


def panoptic() -> dict:
    both = dict(num_things_classes=80, num_stuff_classes=53)
    return dict(
        roi_head=dict(bbox_head=dict(num_classes=80), mask_head=[dict(num_classes=80)]),
        rpn_head=dict(type='RPNHead', num_classes=1),
        panoptic_head=dict(both, loss_cls=dict(class_weight=[1.0] * 133 + [0.1])),
        fusion=dict(both),
    )


def test_things_and_stuff() -> None:
    model = panoptic()
    set_num_classes(model, dict(num_things_classes=2, num_stuff_classes=3), 'model.task')
    both = dict(num_things_classes=2, num_stuff_classes=3)
    assert model == dict(
        roi_head=dict(bbox_head=dict(num_classes=2), mask_head=[dict(num_classes=2)]),
        rpn_head=dict(type='RPNHead', num_classes=1),
        panoptic_head=dict(both, loss_cls=dict(class_weight=[1.0] * 5 + [0.1])),
        fusion=both,
    )
    check_class_weights(model, 'model.task')


def test_one_number_is_not_enough_for_both() -> None:
    with pytest.raises(ConfigError, match='counts things and stuff apart: give num_things_classes'):
        set_num_classes(panoptic(), dict(num_classes=5), 'model.task')
    model = dict(head=dict(num_things_classes=80, num_stuff_classes=0), box=dict(num_classes=80))
    set_num_classes(model, dict(num_classes=5), 'model.task')  # finds instances alone
    assert model == dict(
        head=dict(num_things_classes=5, num_stuff_classes=0), box=dict(num_classes=5)
    )


@pytest.mark.parametrize(
    ('weights', 'resized'),
    [
        ([0.5] * 4, [0.5] * 2),
        ([0.5] * 4 + [0.1], [0.5] * 2 + [0.1]),
        ([1.0, 2.0, 1.0, 1.0], None),
        ([1.0] * 3, None),  # of another model
    ],
)
def test_weights_of_classes(weights: list[float], resized: list[float] | None) -> None:
    model = dict(head=dict(num_classes=4, losses=[dict(class_weight=weights)]))
    set_num_classes(model, dict(num_classes=2), 'model.task')
    if resized:
        check_class_weights(model, 'model.task')
        assert model['head']['losses'] == [dict(class_weight=resized)]  # type: ignore[index]
    elif len(weights) == 3:  # as many as classes and background: nothing to say
        check_class_weights(model, 'model.task')
    else:
        with pytest.raises(ConfigError, match=r'model\.task\.head\.losses\.0\.class_weight has 4'):
            check_class_weights(model, 'model.task')


def test_weights_can_be_given_beside_the_path() -> None:
    path = 'mmseg::ddrnet/ddrnet_23-slim_in1k-pre_2xb6-120k_cityscapes-1024x1024.py'
    cfg = dict(cfg_path=path, num_classes=2)
    with pytest.raises(ConfigError, match=r'decode_head\.loss_decode\.0\.class_weight has 19'):
        build_net(cfg, 'model.task')
    net, _ = build_net({**cfg, 'class_weight': [1.0, 3.0]}, 'model.task', replaced=[''])
    assert [loss.class_weight for loss in net.decode_head.loss_decode] == [[1.0, 3.0]] * 2
