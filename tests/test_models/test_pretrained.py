# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Whatever key a library names weights by: nothing is loaded that something else replaces."""

import urllib.request
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.model import BaseModule
from mmengine.registry import MODELS as ROOT
from mmengine.registry import init_default_scope
from torch import nn

from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.models.pretrained import drop_pretrained
from sr4ir_mm.registry import MODELS

NARROW = dict(backbone=dict(base_channels=4), neck=dict(in_channels=[4, 8, 16, 32]))
RETINANET = dict(cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py', **NARROW)
FILE = dict(type='Pretrained', checkpoint='https://example.org/net.pth')


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let any download fail, and any cache be empty."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError('no network')

    monkeypatch.setenv('TORCH_HOME', str(tmp_path / 'cache'))
    monkeypatch.setattr(urllib.request, 'urlopen', refuse)
    monkeypatch.setattr(torch.hub, 'urlopen', refuse)
    monkeypatch.setattr(torch.hub, 'download_url_to_file', refuse)


class Downloading(BaseModule):
    """A net that loads weights in its constructor unless told otherwise."""

    def __init__(self, pretrained: bool = True, pretrained_window_sizes: tuple = (1,)) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)
        if pretrained:
            raise OSError('no network')


def build(**kwargs: Any) -> SR4IR:
    init_default_scope('sr4ir_mm')
    sr = dict(type='BilinearUpsampler', scale=4)
    return MODELS.build(dict(type='SR4IR', scale=4, sr=sr, **kwargs))


def test_none_starts_from_scratch_with_what_the_library_does_then() -> None:
    model = build(task=RETINANET, init=None)
    model.init_weights()
    kinds = {cfg['type'] for cfg in model.task.backbone.init_cfg}
    assert kinds == {'Kaiming', 'Constant'}


def test_without_a_word_the_librarys_own_is_loaded_and_named() -> None:
    message = r"model\.task\.backbone\.init_cfg \(torchvision://resnet18\).*'task\.backbone': PATH"
    with pytest.raises(CheckpointError, match=message):
        build(task=RETINANET, init={}).init_weights()


def test_a_file_takes_the_place_of_a_download(tmp_path: Path) -> None:
    source = build(task=RETINANET).task.backbone.state_dict()
    weights = {key: torch.full_like(value, 2) for key, value in source.items()}
    torch.save(weights, tmp_path / 'backbone.pth')
    model = build(task=RETINANET, init={'task.backbone': str(tmp_path / 'backbone.pth')})
    model.init_weights()
    assert (model.task.backbone.layer1[0].conv1.weight == 2).all()


def test_of_a_model_that_hands_weights_to_its_backbone() -> None:
    path = 'mmseg::_base_/models/fcn_r50-d8.py'  # pretrained='open-mmlab://...'
    net, _ = build_net(dict(cfg_path=path), 'model.task', replaced=['backbone'])
    assert net.backbone.init_cfg is None
    net, _ = build_net(dict(cfg_path=path), 'model.task', replaced=[''])
    assert net.backbone.init_cfg[0]['type'] == 'Kaiming'


def test_constructor_that_downloads_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROOT.module_dict, 'Downloading', Downloading)
    cfg = dict(type='Downloading', _scope_='mmengine')
    assert isinstance(build_net(cfg, 'model.task', replaced=[''])[0], Downloading)
    with pytest.raises(CheckpointError, match=r'model\.task wants a file while it is built'):
        build_net(cfg, 'model.task')


class Teaching(nn.Module):
    """A net that reads another's config and weights, as mmdet's detectors with a teacher."""

    def __init__(self, teacher: str, teacher_ckpt: str | None = None, depth: str = 'a.b') -> None:
        super().__init__()
        open(teacher).close()
        if teacher_ckpt:
            raise OSError('no network')


def test_files_that_a_constructor_reads_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(ROOT.module_dict, 'Teaching', Teaching)
    ckpt = 'https://example.org/teacher.pth'
    cfg = dict(type='Teaching', _scope_='mmengine', teacher='no/such.py', teacher_ckpt=ckpt)
    with pytest.raises(CheckpointError, match=r': set model\.task\.teacher to None or to a path'):
        build_net(cfg, 'model.task')
    (tmp_path / 'teacher.py').touch()
    cfg['teacher'] = str(tmp_path / 'teacher.py')
    with pytest.raises(
        CheckpointError, match=r'model\.task\.teacher or model\.task\.teacher_ckpt to'
    ):
        build_net(cfg, 'model.task')


def test_other_initialisation_and_other_keys_stay() -> None:
    normal = dict(type='Normal', layer='Conv2d', std=0.01)
    cfg = dict(
        backbone=dict(init_cfg=[FILE, normal], pretrained_window_sizes=[7]),
        neck=dict(init_cfg=normal),
        spynet_pretrained='https://example.org/spynet.pth',
        stages=[dict(init_cfg=dict(FILE, type='Pretrained_Part'))],
        head=dict(init_cfg=dict(checkpoint=FILE['checkpoint'])),
    )
    drop_pretrained(cfg, [''], 'mmseg')
    assert cfg == dict(
        backbone=dict(init_cfg=[normal], pretrained_window_sizes=[7]),
        neck=dict(init_cfg=normal),
        spynet_pretrained=None,
        stages=[dict(init_cfg=None)],
        head=dict(init_cfg=None),
    )


@pytest.mark.parametrize('warned', [True, False])
def test_frozen_stages_of_a_net_from_scratch(
    warned: bool, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    trained = (
        {} if warned else dict(backbone=dict(base_channels=4, frozen_stages=-1, norm_eval=False))
    )
    build(task={**RETINANET, **trained}, init=None).init_weights()
    output = ''.join(capfd.readouterr())
    assert ('model.task.backbone starts from scratch, but parts of it' in output) == warned


def test_a_part_that_there_is_not_is_told_before_a_download() -> None:
    model = build(task=RETINANET, init={'task.bakbone': 'weights.pth'})
    with pytest.raises(ConfigError, match=r"'task\.bakbone', but .* did you mean 'backbone'\?"):
        model.init_weights()
