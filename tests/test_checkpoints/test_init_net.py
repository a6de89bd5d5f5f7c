# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nets that start from a run or from a file."""

import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.errors import CheckpointError, ConfigError
from sr4ir_mm.registry import MODELS

pytestmark = pytest.mark.quick

RUN = 'work_dirs/s/det_edsr_x4'


def make_net(channels: int = 4) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, channels, 1), nn.BatchNorm2d(channels))


def equal(net: nn.Module, other: nn.Module) -> bool:
    state, expected = net.state_dict(), other.state_dict()
    return all(torch.equal(state[name], expected[name]) for name in expected)


def save_run(folder: Path, net: nn.Module) -> Path:
    """Save as a run does: the whole model's weights, and a pointer to the last checkpoint."""
    folder.mkdir(parents=True)
    state = {f'sr.{name}': value for name, value in net.state_dict().items()}
    state |= {f'task.{name}': value for name, value in make_net(7).state_dict().items()}
    path = folder / 'epoch_3.pth'
    torch.save(dict(meta=dict(epoch=3), state_dict=state), path)
    (folder / 'last_checkpoint').write_text(str(path))
    return path


def test_last_checkpoint_of_a_work_dir(tmp_path: Path) -> None:
    source, net = make_net(), make_net()
    save_run(tmp_path / RUN, source)
    init_net_from(net, str(tmp_path / RUN), 'sr')
    assert equal(net, source)


def test_work_dir_that_was_moved(tmp_path: Path) -> None:
    source, net = make_net(), make_net()
    save_run(tmp_path / 'old', source)
    shutil.move(tmp_path / 'old', tmp_path / 'new')
    init_net_from(net, str(tmp_path / 'new'), 'sr')
    assert equal(net, source)


def test_the_nets_part_of_a_whole_model(tmp_path: Path) -> None:
    source, net = make_net(), make_net()
    init_net_from(net, str(save_run(tmp_path / 'run', source)), 'sr')
    assert equal(net, source)


@pytest.mark.parametrize('key', [None, 'state_dict', 'params', 'params_ema'])
@pytest.mark.parametrize('prefix', ['', 'module.'])
def test_file_of_the_net_alone(key: str | None, prefix: str, tmp_path: Path) -> None:
    source, net = make_net(), make_net()
    state = {f'{prefix}{name}': value for name, value in source.state_dict().items()}
    torch.save(state if key is None else {key: state}, tmp_path / 'net.pth')
    init_net_from(net, str(tmp_path / 'net.pth'), 'sr')
    assert equal(net, source)


@pytest.mark.parametrize('prefix', ['task.backbone.', 'backbone.', 'generator.', ''])
def test_part_of_a_net_from_whatever_holds_it(prefix: str, tmp_path: Path) -> None:
    source, net = make_net(), make_net()
    state = {f'{prefix}{name}': value for name, value in source.state_dict().items()}
    if prefix:
        state |= {f'head.{name}': value for name, value in make_net(7).state_dict().items()}
    torch.save(dict(state_dict=state), tmp_path / 'a.pth')
    init_net_from(net, str(tmp_path / 'a.pth'), 'task.backbone')
    assert equal(net, source)


def test_another_architecture_is_told_and_nothing_is_loaded(tmp_path: Path) -> None:
    net = make_net(5)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    path = save_run(tmp_path / 'run', nn.Sequential(nn.Conv2d(3, 4, 1), nn.Identity(), make_net()))
    with pytest.raises(CheckpointError) as error:
        init_net_from(net, str(path), 'sr')
    message = str(error.value)
    assert f'{path}, for model.sr (Sequential)' in message
    assert 'of 7 weights, 5 missing (1.weight, ' in message
    assert 'unexpected (2.0.weight, ' in message
    assert '0.weight (4, 3, 1, 1), expected (5, 3, 1, 1)' in message
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


@pytest.mark.parametrize('exists', [True, False])
def test_run_that_was_not_made_is_told_with_its_command(
    exists: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if exists:
        Path(RUN).mkdir(parents=True)
    with pytest.raises(CheckpointError) as error:
        init_net_from(make_net(), RUN, 'sr')
    assert 'python tools/train.py configs/s/det_edsr_x4.py' in str(error.value)
    assert f'model.init.sr is {RUN}' in str(error.value)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r'model\.init\.task is .*weights/a\.pth'):
        init_net_from(make_net(), str(tmp_path / 'weights/a.pth'), 'task')


@pytest.mark.parametrize('content', [b'', b'This is no checkpoint.'])
def test_broken_file_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / 'a.pth').write_bytes(content)
    with pytest.raises(CheckpointError, match=r'a\.pth cannot be read as a checkpoint'):
        init_net_from(make_net(), str(tmp_path / 'a.pth'), 'sr')


def test_file_without_weights_is_told(tmp_path: Path) -> None:
    torch.save(dict(state_dict={}), tmp_path / 'a.pth')
    with pytest.raises(CheckpointError, match=r'a\.pth holds no weights'):
        init_net_from(make_net(), str(tmp_path / 'a.pth'), 'sr')


def test_model_loads_what_its_config_names(tmp_path: Path) -> None:
    sr = dict(type='mmagic.EDSRNet', in_channels=3, out_channels=3, mid_channels=4, num_blocks=1)
    cfg = dict(type='SR4IR', sr=sr, scale=4)
    source = MODELS.build(cfg)
    path = tmp_path / 'a.pth'
    torch.save(dict(state_dict=source.state_dict()), path)
    model = MODELS.build(dict(cfg, init=dict(sr=str(path), task=None)))
    assert not equal(model, source)
    model.init_weights()
    assert equal(model, source)


def test_model_loads_a_part_of_a_net(tmp_path: Path) -> None:
    conv = nn.Conv2d(3, 4, 3)
    torch.save(dict(state_dict=conv.state_dict()), tmp_path / 'a.pth')
    sr = dict(type='mmagic.EDSRNet', in_channels=3, out_channels=3, mid_channels=4, num_blocks=1)
    cfg = dict(type='SR4IR', sr=sr, scale=4)
    model = MODELS.build(dict(cfg, init={'sr.conv_first': str(tmp_path / 'a.pth')}))
    model.init_weights()
    assert equal(model.sr.conv_first, conv)
    model = MODELS.build(dict(cfg, init={'sr.conv_zero': str(tmp_path / 'a.pth')}))
    with pytest.raises(ConfigError, match=r"names 'sr\.conv_zero', but model\.sr has no such part"):
        model.init_weights()


def test_init_of_a_net_that_is_not_there(tmp_path: Path) -> None:
    path = save_run(tmp_path / 'run', make_net())
    model = MODELS.build(dict(type='SR4IR', init=dict(sr=str(path))))
    with pytest.raises(ConfigError, match=r'model\.sr is None'):
        model.init_weights()
    with pytest.raises(ConfigError, match="names 'net'.*sr, task"):
        MODELS.build(dict(type='SR4IR', init=dict(net=str(path))))


def test_pretrained_weights_that_cannot_be_had(tmp_path: Path) -> None:
    task = dict(
        cfg_path='mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
        backbone=dict(init_cfg=dict(type='Pretrained', checkpoint=str(tmp_path / 'r18.pth'))),
    )
    model = MODELS.build(dict(type='SR4IR', task=task))
    with pytest.raises(CheckpointError, match=r'init_cfg \(.*r18\.pth\)'):
        model.init_weights()
