# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is published is the weights, under a name that tells whether the file is whole."""

import hashlib
from pathlib import Path
from types import ModuleType

import pytest
import torch

from tests.utils import tools


@pytest.fixture(scope='module')
def tool() -> ModuleType:
    return tools.tool('model_converters/publish_model')


def test_weights_are_kept_and_the_name_is_the_hash(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    state = {'sr.weight': torch.arange(3.0)}
    content = dict(state_dict=state, meta=dict(epoch=3), optimizer={}, message_hub={})
    torch.save(content, tmp_path / 'epoch_3.pth')
    assert tool.main([str(tmp_path / 'epoch_3.pth'), str(tmp_path / 'zoo/sr4ir.pth')]) == 0
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
    assert tool.main([str(source), str(tmp_path / 'zoo/out.pth')]) == 1
    assert message in capsys.readouterr().err
    assert not Path(tmp_path / 'zoo').exists()
