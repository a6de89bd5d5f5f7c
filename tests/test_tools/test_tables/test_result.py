# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a test records, as it is read again."""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from tables import result as module
from tables.result import read_result, write_result

from sr4ir_mm.errors import CheckpointError, DataError
from sr4ir_mm.utils.fingerprint import fingerprint, training_parts
from sr4ir_mm.version import __version__

CONFIG = """
model = dict(sr=dict(width=3))
train_cfg = dict(max_epochs=3)
randomness = dict(seed=7)
"""


@pytest.fixture
def cfg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / 'configs/s2t/toy.py'
    path.parent.mkdir(parents=True)
    path.write_text(CONFIG)
    return Config.fromfile(path)


def save(cfg: Config, path: str = 'epoch_2.pth', **meta: object) -> str:
    meta = dict(epoch=2, iter=20, seed=11, cfg=cfg.pretty_text, **meta)
    torch.save(dict(meta=meta, state_dict={}), path)
    return path


def written(cfg: Config, checkpoint: str) -> dict:
    write_result('x', cfg, {}, checkpoint)
    result = read_result('x')
    assert result is not None
    return result


def test_result(cfg: Config) -> None:
    metrics = dict(PSNR=math.inf, low=-math.inf, none=math.nan, mIoU=np.float64(1.5),
                   LPIPS=torch.tensor(0.25))  # fmt: skip
    write_result('runs/x', cfg, metrics, save(cfg))
    text = Path('runs/x/result.json').read_text()
    plain = json.loads(text, parse_constant=lambda name: pytest.fail(f'{name} is not JSON'))
    assert plain['metrics'] == dict(PSNR='inf', low='-inf', none='nan', mIoU=1.5, LPIPS=0.25)
    result = read_result('runs/x')
    assert result['metrics']['PSNR'] == math.inf
    assert result['metrics']['low'] == -math.inf
    assert math.isnan(result['metrics']['none'])
    expected = dict(config='configs/s2t/toy.py', setting='s2t', seed=11, unit='epochs', done=2,
                    planned=3, checkpoint='epoch_2.pth', processes=1, version=__version__,
                    torch=torch.__version__)  # fmt: skip
    assert {key: result[key] for key in expected} == expected
    assert not list(Path('runs/x').glob('*.part'))


def test_iterations_and_foreign_weights(cfg: Config) -> None:
    cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=40)
    result = written(cfg, save(cfg))
    assert (result['unit'], result['done'], result['planned']) == ('iterations', 20, 40)
    torch.save(dict(weight=torch.zeros(1)), 'plain.pth')
    result = written(cfg, 'plain.pth')
    assert (result['done'], result['seed'], result['fingerprint']['training']) == (None, 7, None)
    Path('broken.pth').write_bytes(b'nothing')
    with pytest.raises(CheckpointError, match='broken.pth cannot be read'):
        write_result('x', cfg, {}, 'broken.pth')


def test_reading_what_is_no_result(tmp_path: Path) -> None:
    assert read_result(tmp_path) is None
    for text in ('', '[]', '{}', '{"metrics": 1}'):
        (tmp_path / 'result.json').write_text(text)
        with pytest.raises(DataError, match=r'result\.json cannot be read'):
            read_result(tmp_path)


def test_training_fingerprint_is_of_the_checkpoints_config(cfg: Config) -> None:
    path = save(cfg)
    before = fingerprint(training_parts(cfg))
    cfg.train_cfg.max_epochs = 2
    result = written(cfg, path)
    assert result['fingerprint']['training'] == before != fingerprint(training_parts(cfg))


def test_what_options_changed_is_recorded(cfg: Config) -> None:
    assert written(cfg, save(cfg))['changed'] == []
    cfg.randomness.seed = 8  # is told apart
    cfg.train_cfg.max_epochs = 2
    cfg.model.init = dict(sr='elsewhere')
    cfg.train_dataloader = dict(num_workers=3, dataset=dict(indices=64))
    changed = written(cfg, save(cfg))['changed']
    assert changed == ['train_cfg.max_epochs = 2', 'train_dataloader.dataset.indices = 64']
    torch.save(dict(weight=torch.zeros(1)), 'plain.pth')
    assert written(cfg, 'plain.pth')['changed'] is None


def test_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*args: str) -> str:
        command = ['git', '-C', str(tmp_path), '-c', 'user.name=a', '-c', 'user.email=a@b', *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    for name in ('__init__.py', 'result.py'):
        (tmp_path / name).write_text('x')
    monkeypatch.setattr(module, '__file__', str(tmp_path / 'result.py'))
    assert module.git_commit() == (None, None)
    git('init')
    assert module.git_commit() == (None, None)  # in a repository that does not hold the code
    git('add', '.')
    git('commit', '-m', 'first')
    assert module.git_commit() == (git('rev-parse', 'HEAD'), False)
    (tmp_path / '__init__.py').write_text('y')
    assert module.git_commit() == (git('rev-parse', 'HEAD'), True)
    monkeypatch.setenv('PATH', str(tmp_path))
    assert module.git_commit() == (None, None)
