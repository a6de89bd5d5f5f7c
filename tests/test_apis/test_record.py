# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a run records and what is found of it again."""

import json
import math
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config

from sr4ir_mm.apis import record
from sr4ir_mm.apis.fingerprint import differences, evaluation_parts, fingerprint, training_parts
from sr4ir_mm.checkpoints import last_checkpoint
from sr4ir_mm.errors import CheckpointError, DataError
from sr4ir_mm.version import __version__

CONFIG = """
model = dict(sr=dict(width=3), init=dict(sr='work_dirs/s/det_edsr_x4', task='w/net.pth'))
train_cfg = dict(max_epochs=3)
train_dataloader = dict(batch_size=2, num_workers=2)
test_evaluator = dict(type='PSNR')
test_cfg = dict(type='TestLoop')
randomness = dict(seed=7)
work_dir = 'a'
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


def test_result(cfg: Config) -> None:
    metrics = dict(PSNR=math.inf, low=-math.inf, none=math.nan, mIoU=np.float64(1.5),
                   LPIPS=torch.tensor(0.25), note='text')  # fmt: skip
    record.write_result('runs/x', cfg, metrics, save(cfg))
    text = Path('runs/x/result.json').read_text()
    plain = json.loads(text, parse_constant=lambda name: pytest.fail(f'{name} is not JSON'))
    assert plain['metrics'] == dict(
        PSNR='inf', low='-inf', none='nan', mIoU=1.5, LPIPS=0.25, note='text'
    )
    result = record.read_result('runs/x')
    assert result['metrics']['PSNR'] == math.inf
    assert result['metrics']['low'] == -math.inf
    assert math.isnan(result['metrics']['none'])
    assert result['metrics']['note'] == 'text'
    expected = dict(config='configs/s2t/toy.py', setting='s2t', seed=11, unit='epochs', done=2,
                    planned=3, checkpoint='epoch_2.pth', processes=1, version=__version__,
                    torch=torch.__version__)  # fmt: skip
    assert {key: result[key] for key in expected} == expected
    assert not list(Path('runs/x').glob('*.part'))


def test_iterations_and_foreign_weights(cfg: Config) -> None:
    cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=40)
    result = record.write_result('x', cfg, {}, save(cfg))
    assert (result['unit'], result['done'], result['planned']) == ('iterations', 20, 40)
    torch.save(dict(weight=torch.zeros(1)), 'plain.pth')
    result = record.write_result('x', cfg, {}, 'plain.pth')
    assert (result['done'], result['seed'], result['fingerprint']['training']) == (None, 7, None)
    Path('broken.pth').write_bytes(b'nothing')
    with pytest.raises(CheckpointError, match='broken.pth cannot be read'):
        record.write_result('x', cfg, {}, 'broken.pth')


def test_reading_what_is_no_result(tmp_path: Path) -> None:
    assert record.read_result(tmp_path) is None
    for text in ('', '[]', '{}', '{"metrics": 1}'):
        (tmp_path / 'result.json').write_text(text)
        with pytest.raises(DataError, match=r'result\.json cannot be read'):
            record.read_result(tmp_path)


def test_training_fingerprint_is_of_the_checkpoints_config(cfg: Config) -> None:
    path = save(cfg)
    before = fingerprint(training_parts(cfg))
    cfg.train_cfg.max_epochs = 2
    result = record.write_result('x', cfg, {}, path)
    assert result['fingerprint']['training'] == before != fingerprint(training_parts(cfg))


@pytest.mark.parametrize(
    ('key', 'value', 'training', 'testing'),
    [
        ('work_dir', 'b', False, False),
        ('train_dataloader.num_workers', 8, False, False),
        ('model.init.sr', '/elsewhere/s/det_edsr_x4', False, False),
        ('model.init.sr', 'work_dirs/s/det_edsr_x8', True, False),
        ('model.init.task', 'v/net.pth', True, False),
        ('model.sr.width', 4, True, True),
        ('train_dataloader.batch_size', 4, True, False),
        ('randomness.seed', 8, True, False),
        ('test_evaluator', [dict(type='PSNR')], False, False),
        ('test_evaluator', [dict(type='PSNR'), dict(type='DumpPredictions')], False, False),
        ('test_evaluator', dict(type='SSIM'), False, True),
        ('test_cfg', dict(type='ReferenceTestLoop', references=['hr']), False, False),
        ('test_cfg', dict(type='TestLoop', fp16=True), False, True),
    ],
)
def test_what_matters(key: str, value: object, training: bool, testing: bool, cfg: Config) -> None:
    other = cfg.copy()
    other.merge_from_dict({key: value})
    if isinstance(value, (dict, list)):
        other[key] = value
    for parts, differ in ((training_parts, training), (evaluation_parts, testing)):
        assert (fingerprint(parts(cfg)) != fingerprint(parts(other))) is differ
        assert bool(differences(parts(cfg), parts(other))) is differ


def test_last_checkpoint(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path) is None
    for epoch in (2, 9, 10):
        torch.save({}, tmp_path / f'epoch_{epoch}.pth')
    torch.save({}, tmp_path / 'best_mAP.pth')
    pointer = tmp_path / 'last_checkpoint'
    pointer.write_text(str(tmp_path / 'epoch_9.pth'))
    assert last_checkpoint(tmp_path).name == 'epoch_9.pth'
    pointer.write_text('/before/it/was/moved/epoch_2.pth')
    assert last_checkpoint(tmp_path) == tmp_path / 'epoch_2.pth'
    for broken in ('', '/gone/epoch_3.pth'):
        pointer.write_text(broken)
        assert last_checkpoint(tmp_path).name == 'epoch_10.pth'
    whole = (tmp_path / 'epoch_10.pth').read_bytes()
    (tmp_path / 'epoch_10.pth').write_bytes(whole[: len(whole) // 2])
    assert last_checkpoint(tmp_path).name == 'epoch_9.pth'


def test_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*args: str) -> str:
        command = ['git', '-C', str(tmp_path), '-c', 'user.name=a', '-c', 'user.email=a@b', *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    for name in ('__init__.py', 'record.py'):
        (tmp_path / name).write_text('x')
    monkeypatch.setattr(record, '__file__', str(tmp_path / 'record.py'))
    assert record.git_commit() == (None, None)
    git('init')
    assert record.git_commit() == (None, None)  # in a repository that does not hold the code
    git('add', '.')
    git('commit', '-m', 'first')
    assert record.git_commit() == (git('rev-parse', 'HEAD'), False)
    (tmp_path / '__init__.py').write_text('y')
    assert record.git_commit() == (git('rev-parse', 'HEAD'), True)
    monkeypatch.setenv('PATH', str(tmp_path))
    assert record.git_commit() == (None, None)
