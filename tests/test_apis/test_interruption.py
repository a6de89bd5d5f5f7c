# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Ctrl-C and SIGTERM lose nothing, and the resumed run ends as the uninterrupted one."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator

from sr4ir_mm.checkpoints import checkpoint_to_resume
from sr4ir_mm.engine.hooks import DryRunHook
from sr4ir_mm.engine.runner.alternating_loop import AlternatingLoop
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool


def config(loop: str, coco: Path, folder: Path, iterations: int = 9) -> str:
    """Write a config of three epochs of three batches, or of as many iterations."""
    cfg = tiny_config(coco, folder, 's/det_edsr_x4', log_level='ERROR')
    cfg.experiment_name = folder.name
    cfg.pop('work_dir')
    cfg.train_cfg.max_epochs = 3
    if loop == 'iter':
        cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=iterations, val_interval=100)
        cfg.train_dataloader.sampler = dict(type='InfiniteSampler', shuffle=True)
        cfg.train_dataloader.pop('batch_sampler', None)
        cfg.default_hooks.checkpoint.update(by_epoch=False, interval=100)
    folder.mkdir()
    cfg.dump(folder / 'tiny.py')
    return str(folder / 'tiny.py')


def weights(folder: Path, name: str) -> dict[str, torch.Tensor]:
    return torch.load(folder / name, weights_only=False)['state_dict']


@pytest.mark.parametrize(
    ('loop', 'signum', 'at', 'kept', 'end'),
    [
        ('iter', signal.SIGINT, 4, 'iter_5.pth', 'iter_9.pth'),
        ('iter', signal.SIGTERM, 0, 'iter_1.pth', 'iter_9.pth'),
        ('epoch', signal.SIGINT, 4, 'epoch_1.pth', 'epoch_3.pth'),  # within the second epoch
        ('epoch', signal.SIGTERM, 5, 'epoch_2.pth', 'epoch_3.pth'),  # its last batch
        ('epoch', signal.SIGTERM, 1, None, 'epoch_3.pth'),
    ],
)
def test_a_signal_in_training(
    loop: str, signum: signal.Signals, at: int, kept: str | None, end: str, coco: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture,
) -> None:  # fmt: skip
    path = config(loop, coco, tmp_path / 'run')
    whole, cut = tmp_path / 'whole', tmp_path / 'cut'
    tool('train').main([path, '--work-dir', str(whole)])
    alternate = AlternatingLoop.alternate

    def signalled(self: AlternatingLoop, batch: dict) -> dict:
        if self.iter == at:
            os.kill(os.getpid(), signum)
        return alternate(self, batch)

    monkeypatch.setattr(AlternatingLoop, 'alternate', signalled)
    before = signal.getsignal(signum)
    with pytest.raises(SystemExit) as stop:
        tool('train').main([path, '--work-dir', str(cut)])
    assert stop.value.code == 128 + signum
    assert signal.getsignal(signum) is before
    found, _ = checkpoint_to_resume(cut)
    assert (found and found.name) == kept
    line = capsys.readouterr().out.strip().splitlines()[-1]
    assert line.endswith(f'tools/train.py {path} --work-dir {cut} --resume')
    assert (str(found) if kept else 'Nothing was saved') in line

    monkeypatch.setattr(AlternatingLoop, 'alternate', alternate)
    tool('train').main([path, '--work-dir', str(cut), '--resume'])
    one, two = weights(whole, end), weights(cut, end)
    assert all(torch.equal(two[key], value) for key, value in one.items())


def test_a_signal_in_the_dry_run_stops_at_once(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def signalled(*args: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        pytest.fail('it goes on')

    monkeypatch.setattr(DryRunHook, '_try_phases', signalled)
    argv = [config('iter', coco, tmp_path / 'run'), '--work-dir', str(tmp_path)]
    with pytest.raises(SystemExit) as stop:
        tool('train').main([*argv, '--cfg-options', 'default_hooks.dry_run.type=DryRunHook'])
    assert stop.value.code == 143
    assert 'Stopped. Nothing was saved yet' in capsys.readouterr().out
    assert not list(tmp_path.rglob('*.pth'))


@pytest.mark.parametrize(('echo', 'kept'), [(60.0, 'iter_5.pth'), (0.0, None)])
def test_signals_that_follow(
    echo: float, kept: str | None, coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A launcher's are no second Ctrl-C, and do not change the exit code."""
    path = config('iter', coco, tmp_path / 'run')
    alternate = AlternatingLoop.alternate

    def signalled(self: AlternatingLoop, batch: dict) -> dict:
        if self.iter == 4:
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
                os.kill(os.getpid(), signum)
        return alternate(self, batch)

    monkeypatch.setattr(AlternatingLoop, 'alternate', signalled)
    monkeypatch.setattr('sr4ir_mm.apis.interruption.ECHO', echo)
    with pytest.raises(SystemExit) as stop:
        tool('train').main([path, '--work-dir', str(tmp_path / 'cut')])
    assert stop.value.code == 130
    found, _ = checkpoint_to_resume(tmp_path / 'cut')
    assert (found and found.name) == kept


def test_a_signal_in_validation_by_epochs(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config('epoch', coco, tmp_path / 'run')
    calls = []

    def signalled(self: Evaluator, *args: object, **kwargs: object) -> None:
        calls.append(0)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Evaluator, 'process', signalled)
    with pytest.raises(SystemExit) as stop:
        tool('train').main(
            [path, '--work-dir', str(tmp_path / 'cut'), '--cfg-options', 'train_cfg.val_interval=1']
        )
    assert (stop.value.code, len(calls)) == (143, 1)
    assert checkpoint_to_resume(tmp_path / 'cut')[0] == tmp_path / 'cut/epoch_1.pth'


def test_an_error_while_stopping_is_no_interruption(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config('epoch', coco, tmp_path / 'run')

    def broken(self: AlternatingLoop, batch: dict) -> dict:
        os.kill(os.getpid(), signal.SIGTERM)
        raise RuntimeError('a mistake')

    monkeypatch.setattr(AlternatingLoop, 'alternate', broken)
    with pytest.raises(RuntimeError, match='a mistake'):
        tool('train').main([path, '--work-dir', str(tmp_path / 'cut')])


def test_one_of_two_processes_is_told(coco: Path, tmp_path: Path) -> None:
    path, work_dir = config('iter', coco, tmp_path / 'run', 100_000), tmp_path / 'work'
    cfg = Config.fromfile(path)
    cfg.default_hooks.checkpoint.interval = 5
    cfg.dump(path)
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    common = dict(WORLD_SIZE='2', MASTER_ADDR='127.0.0.1', MASTER_PORT=port, OMP_NUM_THREADS='1')
    words = [str(ROOT / 'tools/train.py'), path, '--launcher', 'pytorch', '--work-dir']
    pair = [
        subprocess.Popen(
            [sys.executable, *words, str(work_dir)],
            env={**os.environ, **common, 'PYTHONPATH': str(ROOT), 'RANK': rank, 'LOCAL_RANK': rank},
        )
        for rank in '01'
    ]
    try:
        end = time.monotonic() + 120
        while not (work_dir / 'last_checkpoint').exists():
            assert time.monotonic() < end
            assert pair[0].poll() is None
            time.sleep(0.1)
        pair[1].send_signal(signal.SIGTERM)
        assert [process.wait(timeout=240) for process in pair] == [143, 143]
    finally:
        for process in pair:
            process.kill()
    found, passed_over = checkpoint_to_resume(work_dir)
    assert found is not None
    assert passed_over == []
