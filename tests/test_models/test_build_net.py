# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""All the ways to name a net."""

from copy import deepcopy
from pathlib import Path

import pytest
from torch import nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models import BilinearUpsampler
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.registry import MODELS

EDSR = dict(in_channels=3, out_channels=3, mid_channels=4, num_blocks=1)
# The library's own two-stage model, with fewer weights.
SMALL_RCNN = dict(
    backbone=dict(depth=18, base_channels=4, init_cfg=None),
    neck=dict(in_channels=[4, 8, 16, 32], out_channels=8),
    rpn_head=dict(in_channels=8, feat_channels=8),
    roi_head=dict(
        bbox_roi_extractor=dict(out_channels=8),
        bbox_head=dict(in_channels=8, fc_out_channels=8),
    ),
)
RETINANET = 'mmdet::retinanet/retinanet_r18_fpn_1x_coco.py'


def local_config(folder: Path, content: str) -> str:
    path = folder / 'local.py'
    path.write_text(content)
    return str(path)


@pytest.mark.parametrize(
    'cfg', [dict(_scope_='mmagic', type='EDSRNet', **EDSR), dict(type='mmagic.EDSRNet', **EDSR)]
)
def test_model_dict_with_its_library(cfg: dict) -> None:
    net, scope = build_net(cfg, 'model.sr')
    assert (type(net).__name__, scope) == ('EDSRNet', 'mmagic')
    assert net.conv_first.out_channels == 4


@pytest.mark.parametrize(
    'cfg',
    [
        dict(_scope_='mmagic', type='EDSRNet', **EDSR),
        dict(cfg_path=RETINANET, num_classes=2, neck=dict(out_channels=256)),
    ],
)
def test_config_may_be_built_again(cfg: dict) -> None:
    given = deepcopy(cfg)
    build_net(cfg, 'model.task')
    assert cfg == given


def test_net_of_our_own_and_class() -> None:
    for kind in ('BilinearUpsampler', 'sr4ir_mm.BilinearUpsampler', BilinearUpsampler):
        net, scope = build_net(dict(type=kind, scale=4), 'model.sr')
        assert type(net) is BilinearUpsampler
        assert scope == 'sr4ir_mm'


def test_inner_parts_are_found_in_the_librarys_scope() -> None:
    net, scope = build_net(RETINANET, 'model.task')
    assert scope == 'mmdet'
    names = [type(part).__module__.split('.')[0] for part in (net, net.backbone, net.bbox_head)]
    assert names == ['mmdet'] * 3
    assert net.bbox_head.num_classes == 80
    assert net.data_preprocessor.pad_size_divisor == 32


def test_path_without_its_suffix() -> None:
    assert build_net(RETINANET.removesuffix('.py'), 'model.task')[1] == 'mmdet'


def test_generator_of_an_mmagic_config_is_meant_and_merged_into() -> None:
    path = 'mmagic::edsr/edsr_x4c64b16_1xb16-300k_div2k.py'
    net, scope = build_net(dict(cfg_path=path, num_blocks=2, rgb_std=[1 / 255] * 3), 'model.sr')
    assert (type(net).__name__, scope) == ('EDSRNet', 'mmagic')
    assert len(net.body) == 2
    assert net.conv_first.out_channels == 64  # the config's own
    assert net.std.flatten().tolist() == pytest.approx([1 / 255] * 3)


def test_local_config(tmp_path: Path) -> None:
    path = local_config(
        tmp_path,
        "default_scope = 'mmagic'\n"
        "model = dict(type='EDSRNet', in_channels=3, out_channels=3, mid_channels=8)\n",
    )
    net, scope = build_net(dict(cfg_path=path, num_blocks=1), 'model.sr')
    assert scope == 'mmagic'
    assert net.conv_first.out_channels == 8


def test_number_of_classes_reaches_the_heads_and_not_the_rpn(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = local_config(
        tmp_path,
        "_base_ = 'mmdet::_base_/models/faster-rcnn_r50_fpn.py'\n"
        "default_scope = 'mmdet'\n"
        'model = dict(rpn_head=dict(num_classes=1))\n',
    )
    net, _ = build_net(dict(cfg_path=path, num_classes=5, **SMALL_RCNN), 'model.task')
    assert net.roi_head.bbox_head.num_classes == 5
    assert net.roi_head.bbox_head.fc_cls.out_features == 6
    assert net.rpn_head.num_classes == 1
    assert net.rpn_head.rpn_cls.out_channels == 3  # one an anchor
    # mmdet corrects an RPN's number, with a warning.
    assert not [warning for warning in recwarn if 'num_classes' in str(warning.message)]


def test_number_of_classes_reaches_every_head_of_a_list() -> None:
    changes = dict(
        SMALL_RCNN,
        neck=dict(in_channels=[4, 8, 16, 32]),
        rpn_head={},
        roi_head=dict(bbox_roi_extractor=dict(roi_layer=dict(output_size=7))),
    )
    path = 'mmdet::_base_/models/cascade-rcnn_r50_fpn.py'
    net, _ = build_net(dict(cfg_path=path, num_classes=3, **changes), 'model.task')
    assert [head.num_classes for head in net.roi_head.bbox_head] == [3, 3, 3]


def test_other_keys_are_merged_and_can_replace() -> None:
    net, _ = build_net(
        dict(
            cfg_path=RETINANET,
            backbone=dict(
                _delete_=True, type='ResNet', depth=18, base_channels=4, out_indices=(0, 1, 2, 3)
            ),
            neck=dict(in_channels=[4, 8, 16, 32]),
            data_preprocessor=dict(mean=[1.0, 2.0, 3.0]),
        ),
        'model.task',
    )
    assert net.backbone.conv1.out_channels == 4
    assert net.backbone.frozen_stages == -1  # the config's 1 is gone
    assert net.neck.out_channels == 256
    assert net.data_preprocessor.mean.flatten().tolist() == [1, 2, 3]


def test_preprocessor_beside_the_model_comes_along(tmp_path: Path) -> None:
    path = local_config(
        tmp_path,
        "default_scope = 'mmdet'\n"
        'data_preprocessor = dict(\n'
        "    type='DetDataPreprocessor', mean=[4.0, 5.0, 6.0], std=[1.0, 1.0, 1.0])\n"
        "model = dict(type='SingleStageDetector',\n"
        "    backbone=dict(type='ResNet', depth=18, base_channels=4),\n"
        "    bbox_head=dict(type='RetinaHead', num_classes=2, in_channels=32))\n",
    )
    net, _ = build_net(path, 'model.task')
    assert net.data_preprocessor.mean.flatten().tolist() == [4, 5, 6]


@pytest.mark.parametrize(
    ('cfg', 'message'),
    [
        ('nolib::a/b.py', "model.task is 'nolib::a/b.py', but there is no library 'nolib'"),
        (dict(type='nolib.Net'), "the library 'nolib', which is not installed"),
        (dict(depth=18), "neither 'type' nor 'cfg_path'"),
        (dict(type='EDSRNet'), "the scope here is sr4ir_mm; did you mean 'mmagic.EDSRNet'?"),
        (dict(type='mmagic.EDSRnet'), "no such model; did you mean 'mmagic.EDSRNet'?"),
        (dict(type='mmdet.NoSuchNet'), "'mmdet.NoSuchNet': there is no such model"),
        ('mmdet::retinanet/no_such.py', 'mmdet has no config retinanet/no_such.py'),
        (
            'mmdet::retinanet_r18_fpn_1x_coco.py',
            "did you mean 'retinanet/retinanet_r18_fpn_1x_coco.py'?",
        ),
        ('mmdet::retinanet/retinanet_r18_fpn_coco', "'retinanet/retinanet_r18_fpn_1x_coco.py'?"),
        ('no_such/config.py', 'there is no config file no_such/config.py'),
        ('mmdet::_base_/default_runtime.py', 'default_runtime.py has no `model`'),
        (
            dict(cfg_path='mmagic::edsr/edsr_x4c64b16_1xb16-300k_div2k.py', num_classes=2),
            'has no such key to set',
        ),
    ],
)
def test_what_cannot_be_built_is_told(cfg: str | dict, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        build_net(cfg, 'model.task')
    assert message in str(error.value)
    assert 'model.task' in str(error.value)


def test_local_config_without_its_library(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='no default_scope'):
        build_net(local_config(tmp_path, "model = dict(type='ResNet')\n"), 'model.task')


def test_task_model_of_a_library_without_an_adapter() -> None:
    task = dict(type='BilinearUpsampler', scale=2)
    with pytest.raises(ConfigError, match="'sr4ir_mm', which has no adapter.*mmdet"):
        MODELS.build(dict(type='SR4IR', task=task))


@pytest.mark.parametrize('scale', [0, 2.0, '4'])
def test_scale_that_is_no_positive_integer(scale: int | float | str) -> None:
    with pytest.raises(ConfigError, match=r'model\.scale is'):
        MODELS.build(dict(type='SR4IR', scale=scale))


def test_nets_are_first_level_children() -> None:
    model = MODELS.build(dict(type='SR4IR', sr=dict(type='mmagic.EDSRNet', **EDSR), scale=4))
    assert isinstance(model.sr, nn.Module)
    assert {name.partition('.')[0] for name in model.state_dict()} == {'sr'}
