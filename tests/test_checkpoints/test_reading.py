# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Reading a weights file runs nothing, whoever asks for it; what is damaged is named."""

import os
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner
from mmengine.runner.checkpoint import CheckpointLoader

import sr4ir_mm.engine  # noqa: F401, from then on MMEngine reads as we do
from sr4ir_mm.checkpoints import init_net_from, read_checkpoint, read_meta, trusting
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.evaluation.metrics.lpips_weights import load_backbone
from tests.utils.pickles import save_malicious
from tests.utils.tiny import tiny_config
from tests.utils.tools import tool

pytestmark = pytest.mark.quick


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple:
        return os.system, (f'touch {self.marker}',)


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A checkpoint that would make the file ``ran`` beside it."""
    state = {'weight': torch.zeros(2, 2)}
    content = dict(state_dict=state, meta=Evil(tmp_path / 'ran'), message_hub={}, optimizer={})
    torch.save(content, tmp_path / 'evil.pth')
    return tmp_path / 'evil.pth'


def init(path: Path, **_: Any) -> None:
    init_net_from(torch.nn.Linear(2, 2), str(path), 'sr')


def run_config(path: Path, coco: Path, **options: Any) -> None:
    cfg = tiny_config(coco, path.parent / 'run', load_from=str(path), **options)
    Runner.from_cfg(cfg).train()


def run_tool(name: str, *words: str) -> None:
    if tool(name).main(list(words)):
        raise SystemExit(1)


WAYS: dict[str, Callable] = {
    'read_checkpoint': lambda path, **_: read_checkpoint(path),
    'read_meta': lambda path, **_: read_meta(path),
    'model.init': init,
    'LPIPS weights': lambda path, **_: load_backbone('vgg', str(path)),
    "MMEngine's loader": lambda path, **_: CheckpointLoader.load_checkpoint(str(path)),
    'load_from': run_config,
    'resume': lambda path, coco: run_config(path, coco, resume=True),
    'publish_model': lambda path, **_: run_tool(
        'model_converters/publish_model', str(path), str(path.parent / 'out.pth')
    ),
    'to_sr4ir_mm': lambda path, **_: run_tool(
        'model_converters/to_sr4ir_mm', str(path), str(path.parent / 'out.pth')
    ),
}


@pytest.mark.parametrize('way', WAYS)
def test_no_file_runs_code(way: str, evil: Path, coco: Path, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises((CheckpointError, SystemExit)) as error:
        WAYS[way](evil, coco=coco)
    text = f'{error.value} {capsys.readouterr().err}'
    assert f'{evil} holds more than weights: {os.system.__module__}.system' in text
    assert '--trust' in text
    assert not (evil.parent / 'ran').exists()
    assert not list(evil.parent.glob('out*'))


@pytest.mark.parametrize('form', ['zip', 'legacy', 'pickle'])
def test_no_form_runs_code(form: str, tmp_path: Path) -> None:
    path, content = tmp_path / 'evil.pth', {'weight': Evil(tmp_path / 'ran')}
    if form == 'pickle':
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=form == 'zip')
    with pytest.raises(CheckpointError, match=r'evil\.pth'):
        read_checkpoint(path)
    assert not (tmp_path / 'ran').exists()


def test_what_is_trusted_is_read(evil: Path, capsys: pytest.CaptureFixture) -> None:
    read_checkpoint(evil, trust=True)
    (evil.parent / 'ran').unlink()
    with trusting():
        CheckpointLoader.load_checkpoint(str(evil))
    assert (evil.parent / 'ran').exists()
    assert 'trusted in this run' in capsys.readouterr().out
    with pytest.raises(CheckpointError):
        read_checkpoint(evil)


@pytest.mark.parametrize('zipped', [True, False])
def test_what_mmengine_keeps_is_read(zipped: bool, tmp_path: Path) -> None:
    buffer = HistoryBuffer([1.0, 2.0], [1, 1])
    content = dict(
        state_dict=OrderedDict(weight=torch.rand(2), half=torch.rand(3).half()),
        message_hub=dict(log_scalars=OrderedDict(loss=buffer), runtime_info={'iter': 3}),
        meta=dict(seed=np.int64(3), rate=np.float64(0.5), names=('a', 'b'), shape=torch.Size([2])),
        param_schedulers=[dict(base_values=[0.1], array=np.arange(3))],
        nothing=None,
        some={1, 2},
    )
    torch.save(content, tmp_path / 'a.pth', _use_new_zipfile_serialization=zipped)
    read = read_checkpoint(tmp_path / 'a.pth')
    assert torch.equal(read['state_dict']['half'], content['state_dict']['half'])
    assert read['meta'] == content['meta']
    assert read['message_hub']['log_scalars']['loss'].mean(2) == 1.5
    assert read['param_schedulers'][0]['array'].tolist() == [0, 1, 2]
    assert read['some'] == {1, 2}


def flip(data: bytearray) -> bytearray:
    data[len(data) // 2] ^= 1
    return data


@pytest.mark.parametrize(
    ('damage', 'message'),
    [
        (lambda data: data[: len(data) // 2], 'cut off or damaged'),
        (lambda data: b'', 'it is empty'),
        (flip, r'damaged \(the check sum of .* is wrong\)'),
        (lambda data: b'<html>not found</html>', 'no file of torch.save'),
        (lambda data: b'\x10' + bytes(7) + b'{"a":{"dtype":"F32"}}', 'safetensors'),
    ],
)
def test_what_is_damaged_is_named(damage: Callable, message: str, tmp_path: Path) -> None:
    path = tmp_path / 'net.pth'
    torch.save({'weight': torch.rand(100, 100)}, path)
    path.write_bytes(bytes(damage(bytearray(path.read_bytes()))))
    with pytest.raises(CheckpointError, match=rf'net\.pth cannot be read.*{message}'):
        read_checkpoint(path)


def test_what_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / 'other.pth', 'w') as file:
        file.writestr('readme.txt', 'hello')
    torch.save(torch.zeros(2), tmp_path / 'tensor.pth')
    torch.jit.script(torch.nn.ReLU()).save(str(tmp_path / 'script.pth'))
    save_malicious(tmp_path / 'tar.pth', tmp_path / 'ran', 'tar')
    for name, message in (
        ('none.pth', 'there is no such file'),
        ('other.pth', 'an archive of something else'),
        ('script.pth', 'it is a TorchScript program'),
        ('tar.pth', 'it is a tar archive'),
        ('tensor.pth', 'holds a Tensor, not weights by name'),
        ('.', 'it is a folder'),
    ):
        with pytest.raises(CheckpointError, match=message):
            read_checkpoint(tmp_path / name)
    assert not (tmp_path / 'ran').exists()


def repack(path: Path, changed: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> None:
    """Write an archive of torch.save anew, with some members' content, by the ends of names."""
    torch.save({'weight': torch.zeros(2)}, path)
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, 'w', compression) as file:
        for name, content in members.items():
            found = [new for end, new in changed.items() if name.endswith(end)]
            file.writestr(name, (found or [content])[0])


def test_archives_that_grow_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / 'bomb.pth'
    repack(path, {'data.pkl': b'(' * 50_000_000}, zipfile.ZIP_DEFLATED)
    with pytest.raises(CheckpointError, match='it would take 48 MiB, far more than the file has'):
        read_checkpoint(path)
    repack(path, {'data.pkl': b'(' * 70_000_000})
    with pytest.raises(CheckpointError, match='more than 64 MiB'):
        read_checkpoint(path)
    repack(path, {}, zipfile.ZIP_DEFLATED)
    assert read_checkpoint(path)['weight'].tolist() == [0, 0]


@pytest.mark.filterwarnings('ignore:Duplicate name:UserWarning')
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    repack(tmp_path / 'a.pth', {})
    with zipfile.ZipFile(tmp_path / 'a.pth', 'a') as file:
        name = next(name for name in file.namelist() if name.endswith('data.pkl'))
        file.writestr(name, pickle.dumps(Evil(tmp_path / 'ran')))
    with pytest.raises(CheckpointError, match='two files of one name'):
        read_checkpoint(tmp_path / 'a.pth')
    assert not (tmp_path / 'ran').exists()


def test_reasons_give_no_unsafe_advice(tmp_path: Path) -> None:
    repack(tmp_path / 'a.pth', {'data.pkl': b'\x80\x02}q\x00(X\x01\x00\x00\x00aK\x01K\x02'})
    with pytest.raises(CheckpointError, match=r'a\.pth cannot be read as a checkpoint: .') as error:
        read_checkpoint(tmp_path / 'a.pth')
    assert 'weights_only' not in str(error.value)
