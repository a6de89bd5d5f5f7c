# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Published weights, made here at random in their published forms, are converted and come back."""

from pathlib import Path
from types import ModuleType

import pytest
import torch
import torchvision

from sr4ir_mm.checkpoints import init_net_from
from sr4ir_mm.checkpoints.converters.edsr import edsr, mean_shifts
from sr4ir_mm.models.build_net import build_net
from sr4ir_mm.registry import MODELS
from sr4ir_mm.utils.library_configs import load_library_config
from tests.utils import tools
from tests.utils.pickles import Payload


@pytest.fixture(scope='module')
def tool() -> ModuleType:
    return tools.tool('model_converters/to_sr4ir_mm')


def sr_net(kind: str) -> torch.nn.Module:
    """Build an SR net of the paper's configs, at any scale."""
    name, scale = kind.split('_x')
    cfg = load_library_config(f'sr4ir_mm::_base_/sr_nets/{name}_x4.py', 'test')[0].sr
    cfg['upscale' if name == 'swinir' else 'upscale_factor'] = int(scale)
    return build_net(cfg, 'test')[0]


def published(kind: str) -> dict:
    models = torchvision.models
    none = dict(weights=None, weights_backbone=None)
    if kind.startswith('edsr'):  # EDSR-PyTorch saves its fixed layers as well
        return edsr(16).from_mm(sr_net(kind).state_dict()) | mean_shifts()
    if kind.startswith('swinir'):
        return sr_net(kind).state_dict()
    if kind == 'mobilenet':
        return models.mobilenet_v3_large(weights=None).state_dict()
    if kind == 'resnet':
        return models.resnet18(weights=None, num_classes=200).state_dict()
    if kind == 'deeplab':
        net = models.segmentation.deeplabv3_mobilenet_v3_large(
            **none, num_classes=21, aux_loss=True
        )
        return net.state_dict()
    net = models.detection.fasterrcnn_mobilenet_v3_large_fpn(**none, num_classes=21)
    state = net.state_dict()  # frozen batch norm counts nothing
    return {key: value for key, value in state.items() if 'num_batches' not in key}


def state_of(path: Path) -> dict:
    return torch.load(path, weights_only=True)['state_dict']


def same(one: dict, two: dict) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in one)


@pytest.mark.parametrize(
    ('kind', 'told'),
    [
        ('edsr_x2', 'EDSR (EDSR-PyTorch), x2'),
        ('edsr_x3', 'EDSR (EDSR-PyTorch), x3'),
        ('edsr_x4', 'EDSR (EDSR-PyTorch), x4'),
        ('edsr_x8', 'EDSR (EDSR-PyTorch), x8'),
        ('swinir_x4', 'SwinIR, x4'),
        ('swinir_x8', 'SwinIR, x8'),
        ('deeplab', 'DeepLabV3 with MobileNetV3-Large (torchvision), 21 classes'),
        ('detector', 'Faster R-CNN with MobileNetV3-Large-FPN (torchvision), 20 classes'),
        ('resnet', 'ResNet-18 (torchvision), 200 classes'),
    ],
)
def test_there_and_back(
    tool: ModuleType, kind: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    source, ours, back = (str(tmp_path / f'{name}.pth') for name in ('source', 'ours', 'back'))
    state = published(kind)
    torch.save(dict(params=state) if kind.startswith('swinir') else state, source)
    assert tools.exit_code(tool.main, [source, ours]) == 0
    assert told in capsys.readouterr().out
    assert tools.exit_code(tool.main, [ours, back, '--reverse']) == 0
    assert same(torch.load(back, weights_only=True), state)
    assert not list(tmp_path.glob('*.part'))


@pytest.mark.parametrize('counters', [True, False])
def test_imagenet_backbone_is_taken_without_its_classifier(
    tool: ModuleType, tmp_path: Path, counters: bool
) -> None:
    source, ours = str(tmp_path / 'source.pth'), str(tmp_path / 'ours.pth')
    state = published('mobilenet')
    if not counters:  # as in old files
        state = {key: value for key, value in state.items() if 'num_batches' not in key}
    torch.save(state, source)
    assert tools.exit_code(tool.main, [source, ours]) == 0
    backbone = MODELS.build(dict(type='sr4ir_mm.DilatedMobileNetV3'))
    init_net_from(backbone, ours, 'task.backbone')
    torch.testing.assert_close(backbone.layer16.conv.weight, state['features.16.0.weight'])
    init_net_from(backbone, source, 'task.backbone')  # and as it is


def test_checkpoint_of_the_original_project_becomes_one_of_both_nets(
    tool: ModuleType, tmp_path: Path
) -> None:
    source, ours, back = (str(tmp_path / f'{name}.pth') for name in ('source', 'ours', 'back'))
    nets = dict(net_sr=published('edsr_x4'), net_seg=published('deeplab'))
    wrapped = {name: {f'module.{k}': v for k, v in state.items()} for name, state in nets.items()}
    torch.save(dict(wrapped, epoch=100, opt={'name': '014'}, schedulers=[{}]), source)
    assert tools.exit_code(tool.main, [source, ours]) == 0
    state = state_of(ours)
    assert {key.split('.')[0] for key in state} == {'sr', 'task'}
    assert tools.exit_code(tool.main, [ours, back, '--reverse']) == 0
    content = torch.load(back, weights_only=True)
    assert content.keys() == nets.keys()
    assert all(same(content[name], nets[name]) for name in nets)


def test_two_files_become_one(tool: ModuleType, tmp_path: Path) -> None:
    for name, kind in (('sr', 'edsr_x8'), ('cls', 'resnet')):
        torch.save(published(kind), tmp_path / f'net_{name}.pth')
    files = [str(tmp_path / f'net_{name}.pth') for name in ('sr', 'cls')]
    assert tools.exit_code(tool.main, [*files, str(tmp_path / 'both.pth')]) == 0
    state = state_of(tmp_path / 'both.pth')
    assert torch.equal(
        state['task.head.fc.bias'], torch.load(files[1], weights_only=True)['fc.bias']
    )
    assert 'sr.upsample.2.upsample_conv.weight' in state


def broken(kind: str, path: Path) -> None:
    state = published('edsr_x4')
    if kind == 'truncated file':
        torch.save(state, path)
        path.write_bytes(path.read_bytes()[:1000])
    elif kind == 'missing weight':
        state.pop('body.7.body.2.bias')
        torch.save(state, path)
    elif kind == 'other shape':
        state['tail.1.weight'] = torch.zeros(3, 32, 3, 3)
        torch.save(state, path)
    elif kind == 'other layer':
        state['extra.weight'] = torch.zeros(1)
        torch.save(state, path)
    elif kind == 'other mean':
        state['sub_mean.bias'] = torch.zeros(3)
        torch.save(state, path)
    elif kind == 'unknown':
        torch.save({'encoder.weight': torch.zeros(1)}, path)
    elif kind == 'code':
        torch.save(dict(state, payload=Payload(Path('ran'))), path)


@pytest.mark.parametrize(
    ('kind', 'message'),
    [
        ('no file', 'there is no such file'),
        ('truncated file', 'it is cut off or damaged'),
        ('missing weight', r'1 missing \(body\.7\.conv2\.bias\)'),
        ('other shape', r'conv_last\.weight \(3, 32, 3, 3\), expected \(3, 64, 3, 3\)'),
        ('other layer', 'extra.weight, which that net does not have'),
        ('other mean', 'sub_mean.bias'),
        ('unknown', 'nothing that is known. Known are: EDSR'),
        ('code', r'holds more than weights: os\.makedirs\..*--trust'),
    ],
)
def test_what_cannot_be_converted_is_refused(
    tool: ModuleType,
    kind: str,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import re

    monkeypatch.chdir(tmp_path)
    broken(kind, tmp_path / 'source.pth')
    assert tools.exit_code(tool.main, ['source.pth', 'ours.pth']) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith('error: ')
    assert 'source.pth' in error
    assert re.search(message, error)
    assert not Path('ours.pth').exists()
    assert not Path('ran').exists()


def test_trusted_file_is_read(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    broken('code', tmp_path / 'source.pth')
    assert tools.exit_code(tool.main, ['source.pth', 'ours.pth', '--trust']) == 0
    assert Path('ran').exists()
