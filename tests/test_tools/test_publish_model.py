# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is published is the weights, under a name that tells whether the file is whole."""

import hashlib
from pathlib import Path
from types import ModuleType

import pytest
import torch

from tests.utils import tools
from tests.utils.pickles import save_malicious


@pytest.fixture(scope='module')
def tool() -> ModuleType:
    return tools.tool('model_converters/publish_model')


def test_weights_are_kept_and_the_name_is_the_hash(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    state = {'sr.weight': torch.arange(3.0)}
    content = dict(state_dict=state, meta=dict(epoch=3), optimizer={}, message_hub={})
    torch.save(content, tmp_path / 'epoch_3.pth')
    assert (
        tools.exit_code(tool.main, [str(tmp_path / 'epoch_3.pth'), str(tmp_path / 'zoo/sr4ir.pth')])
        == 0
    )
    (path,) = (tmp_path / 'zoo').iterdir()
    assert str(path) in capsys.readouterr().out
    assert path.name == f'sr4ir-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}.pth'
    published = torch.load(path, weights_only=True)
    assert published.keys() == {'state_dict', 'meta'}
    assert torch.equal(published['state_dict']['sr.weight'], state['sr.weight'])


@pytest.mark.parametrize(('exists', 'message'), [(False, 'no such file'), (True, 'state_dict')])
def test_what_is_no_checkpoint_is_refused(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture, exists: bool, message: str
) -> None:
    source = tmp_path / 'weights.pth'
    if exists:
        torch.save({'weight': torch.zeros(1)}, source)
    assert tools.exit_code(tool.main, [str(source), str(tmp_path / 'zoo/out.pth')]) == 1
    assert message in capsys.readouterr().err
    assert not Path(tmp_path / 'zoo').exists()


@pytest.mark.parametrize('target', ['zoo', 'zoo/', 'new/'])
def test_a_folder_is_no_target(
    tool: ModuleType, tmp_path: Path, target: str, capsys: pytest.CaptureFixture
) -> None:
    torch.save(dict(state_dict={'a': torch.zeros(1)}), tmp_path / 'a.pth')
    (tmp_path / 'zoo').mkdir()
    assert tools.exit_code(tool.main, [str(tmp_path / 'a.pth'), f'{tmp_path}/{target}']) == 2
    assert 'is a folder; name a file' in capsys.readouterr().err
    assert {path.name for path in tmp_path.rglob('*')} == {'a.pth', 'zoo'}


def test_code_is_run_for_trust_only(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    words = [str(save_malicious(tmp_path / 'a.pth', tmp_path / 'ran')), str(tmp_path / 'zoo/a.pth')]
    assert tools.exit_code(tool.main, words) == 1
    assert 'a.pth holds more than weights' in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {'a.pth'}
    assert tools.exit_code(tool.main, [*words, '--trust']) == 0
    assert (tmp_path / 'ran').exists()


def test_a_program_in_place_of_a_config_is_not_passed_on(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    meta = dict(cfg='import os\nmodel = os.getcwd()')
    torch.save(dict(state_dict={'a': torch.zeros(1)}, meta=meta), tmp_path / 'a.pth')
    words = [str(tmp_path / 'a.pth'), str(tmp_path / 'zoo/a.pth')]
    assert tools.exit_code(tool.main, words) == 1
    assert 'config' in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {'a.pth'}
