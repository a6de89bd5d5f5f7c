# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nets of the libraries are compared with their configs before they are built."""

from typing import Any

import pytest
from mmengine.registry import MODELS, TASK_UTILS

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.utils.library_configs import load_library_config
from sr4ir_mm.utils.typed_dicts import check_typed
from tests.utils.tiny import fcn, fcos, resnet

EDSR = dict(type='mmagic.EDSRNet', in_channels=3, out_channels=3)


def with_key(cfg: dict, key: str, value: Any) -> dict:
    """Set a nested key."""
    *above, last = key.split('.')
    node = cfg
    for name in above:
        node = node.setdefault(name, {})
    node[last] = value
    return cfg


@pytest.mark.parametrize(
    ('cfg', 'key', 'value', 'message'),
    [
        (fcos(), 'backbone.base_chanels', 8, "ResNet has no such key; .* 'base_channels'?"),
        (fcos(), 'bbox_head.loss_cls.gama', 2, "FocalLoss has no such key; did you mean 'gamma'?"),
        (fcos(), 'bbox_head.loss_cls.type', 'FocalLos', "no such model; did you mean 'FocalLoss'?"),
        (fcos(), 'bbox_head.norm_cfg.type', 'GNN', "norm_cfg.type = 'GNN': there is no such model"),
        (fcos(), 'num_clases', 3, "num_clases = 3: FCOS has .* did you mean 'num_classes'?"),
        (fcos(), 'num_classes', 'two', "bbox_head.num_classes = 'two': it must be a whole number"),
        (fcos(), 'test_cfg.score_th', 0.5, "test_cfg.score_th: .* did you mean 'score_thr'?"),
        (fcos(), 'test_cfg.max_per_imgs', 5, "max_per_imgs: .* did you mean 'max_per_img'?"),
        (fcos(), 'train_cfg.assigner.typ', 'A', "assigner.typ: nothing .* did you mean 'type'?"),
        (fcos(), 'test_cfg.nms.tpye', 'nms', "test_cfg.nms.tpye: .* did you mean 'type'?"),
        (fcos(), 'backbone.typ', 'A', 'backbone.typ .* ResNet has no such key'),
        (fcos(), 'neck.num_outs', -3, 'neck.num_outs = -3: it must not be negative'),
        (fcn(num_classes=2), 'decode_head.chanels', 8, "did you mean 'channels'?"),
        (resnet(num_classes=2), 'head.topk', '1', 'head'),
        (dict(EDSR), 'mid_channels', 'a', "net.mid_channels = 'a': it must be a whole number"),
        (dict(EDSR), 'num_blocks', -1, 'net.num_blocks = -1: it must not be negative'),
    ],
)
def test_mistake(cfg: dict, key: str, value: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        build_net(with_key(cfg, key, value), 'net')
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    ('cfg', 'key', 'value'),
    [
        (fcos(), 'test_cfg.score_thr', 0.5),
        (fcos(), 'test_cfg.nms_pre', 100),
        (fcos(), 'test_cfg', dict(max_per_img=5, something_else=3)),
        (fcos(), 'init_cfg', [dict(type='Normal', layer='Conv2d', std=0.01)]),
        (fcos(), 'bbox_head.norm_cfg', None),
        (fcn(num_classes=2), 'test_cfg', dict(mode='slide', crop_size=(32, 32), stride=(16, 16))),
    ],
)
def test_what_a_net_takes(cfg: dict, key: str, value: Any) -> None:
    build_net(with_key(cfg, key, value), 'net')


@pytest.mark.parametrize(
    'path',
    [
        'mmdet::yolof/yolof_r50-c5_8xb8-1x_coco.py',  # a number that is annotated as a list
        'mmpretrain::cae/cae_beit-base-p16_8xb256-amp-coslr-300e_in1k.py',  # a text, as a bool
        'mmdet::grounding_dino/grounding_dino_swin-t_finetune_8xb2_20e_cat.py',  # dicts handed on
        'mmdet::rtmdet/rtmdet_tiny_8xb32-300e_coco.py',
        'mmdet::mask2former/mask2former_r50_8xb2-lsj-50e_coco-panoptic.py',
        'mmseg::san/san-vit-b16_coco-stuff164k-640x640.py',
        'mmpretrain::llava/llava-7b-v1.5_caption.py',
    ],
)
def test_configs_of_the_libraries_are_taken(path: str) -> None:
    cfg, scope = load_library_config(path, 'net')
    check_typed(cfg.model, 'net', MODELS, TASK_UTILS, scope=scope)
