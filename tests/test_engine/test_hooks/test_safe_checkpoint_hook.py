# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Whatever happens while a checkpoint is written, the one before is there."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import checkpoint_to_resume, read_checkpoint
from sr4ir_mm.errors import CheckpointError, ConfigError
from tests.utils.tiny import tiny_config


class Killed(BaseException):
    """What nobody catches."""


def config(coco: Path, work_dir: Path, **hook: Any) -> Config:
    cfg = tiny_config(coco, work_dir, 's/det_edsr_x4', log_level='ERROR')
    cfg.experiment_name = work_dir.name
    cfg.train_cfg.max_epochs = 3
    cfg.default_hooks.checkpoint.update(max_keep_ckpts=1, **hook)
    return cfg


def names(folder: Path) -> set[str]:
    """Name the files of a run but its config."""
    return {path.name for path in folder.iterdir() if path.is_file() and path.suffix != '.py'}


@pytest.mark.parametrize('victim', ['epoch_2.pth', 'last_checkpoint', 'best_PSNR_epoch_2.pth'])
def test_killed_in_the_write(
    victim: str, coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        second = (tmp_path / 'epoch_2.pth').exists() or victim == 'epoch_2.pth'
        if Path(target).name == victim and second:
            raise Killed
        replace(source, target)

    cfg = config(coco, tmp_path, save_best='PSNR', rule='greater')
    cfg.train_cfg.val_interval = 1
    runner = Runner.from_cfg(cfg)
    figures = iter((1.0, 2.0, 3.0))
    monkeypatch.setattr(runner.val_loop.evaluator, 'evaluate', lambda _: {'PSNR': next(figures)})
    monkeypatch.setattr(os, 'replace', killed)
    with pytest.raises(Killed):
        runner.train()
    # What stood before the write still stands, and can be read.
    kept = {
        'epoch_2.pth': 'epoch_1.pth',
        'last_checkpoint': 'epoch_1.pth',
        'best_PSNR_epoch_2.pth': 'epoch_2.pth',
    }[victim]
    path, passed_over = checkpoint_to_resume(tmp_path)
    assert (path, passed_over) == (tmp_path / kept, [])
    assert read_checkpoint(tmp_path / 'best_PSNR_epoch_1.pth')['meta']['epoch'] == 1
    # Nothing lost, nothing lasting: the resumed run ends with one of each.
    monkeypatch.setattr(os, 'replace', replace)
    cfg.resume, cfg.load_from = True, str(path)
    resumed = Runner.from_cfg(cfg)
    figures = iter((2.0, 3.0))  # a validation that was not finished is made up for
    monkeypatch.setattr(resumed.val_loop.evaluator, 'evaluate', lambda _: {'PSNR': next(figures)})
    resumed.train()
    assert {'epoch_3.pth', 'last_checkpoint', 'best_PSNR_epoch_3.pth'} <= names(tmp_path)
    assert 'best_PSNR_epoch_1.pth' not in names(tmp_path)
    assert (tmp_path / 'last_checkpoint').read_text() == str(tmp_path / 'epoch_3.pth')


def test_a_full_disk_keeps_the_last_good_one(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def full(descriptor: int) -> None:
        if (tmp_path / 'last_checkpoint').exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(CheckpointError, match=r'epoch_2\.pth cannot be written .*No space left'):
        Runner.from_cfg(config(coco, tmp_path)).train()
    assert {'epoch_1.pth', 'last_checkpoint'} <= names(tmp_path)
    assert not [name for name in names(tmp_path) if name.endswith('.part')]
    assert checkpoint_to_resume(tmp_path) == (tmp_path / 'epoch_1.pth', [])


def test_training_anew_sets_the_earlier_run_aside(coco: Path, tmp_path: Path) -> None:
    Runner.from_cfg(config(coco, tmp_path)).train()
    before = (tmp_path / 'epoch_3.pth').read_bytes()
    torch.save({}, tmp_path / 'mine.pth')
    cfg = config(coco, tmp_path)
    cfg.train_cfg.max_epochs = 1
    cfg.load_from = str(tmp_path / 'epoch_3.pth')  # a start from there is no resumption
    Runner.from_cfg(cfg).train()
    (previous,) = tmp_path.glob('previous_*')
    assert names(previous) == {'epoch_3.pth', 'last_checkpoint'}
    assert (previous / 'epoch_3.pth').read_bytes() == before
    assert {'epoch_1.pth', 'last_checkpoint', 'mine.pth'} <= names(tmp_path)
    assert 'epoch_3.pth' not in names(tmp_path)


def test_a_metric_that_gives_nothing_yet_makes_no_best(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is CocoMetric where nothing was detected."""
    cfg = config(coco, tmp_path, save_best='coco/bbox_mAP', rule='greater')
    cfg.train_cfg.val_interval = 1
    cfg.val_evaluator = [dict(type='PSNR'), dict(type='PSNR', prefix='coco')]
    runner = Runner.from_cfg(cfg)
    figures = iter(({'PSNR': 9.0}, {'PSNR': 9.0, 'coco/bbox_mAP': 0.1}, {'PSNR': 9.0}))
    monkeypatch.setattr(runner.val_loop.evaluator, 'evaluate', lambda _: next(figures))
    runner.train()
    assert [path.name for path in tmp_path.glob('best_*')] == ['best_coco_bbox_mAP_epoch_2.pth']
    assert (tmp_path / 'epoch_3.pth').exists()


def test_resuming_elsewhere_leaves_both_places_alone(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / 'one', tmp_path / 'two'
    for folder in (one, two):
        cfg = config(coco, folder, save_best='PSNR', rule='greater')
        cfg.train_cfg.update(max_epochs=2, val_interval=1)
        Runner.from_cfg(cfg).train()
    before = {path: path.read_bytes() for path in one.glob('*.pth')}
    theirs = names(two)
    cfg.train_cfg.max_epochs = 3
    cfg.resume, cfg.load_from = True, str(one / 'epoch_2.pth')
    runner = Runner.from_cfg(cfg)
    monkeypatch.setattr(runner.val_loop.evaluator, 'evaluate', lambda _: {'PSNR': 1e3})
    runner.train()
    assert {path: path.read_bytes() for path in one.glob('*.pth')} == before
    (previous,) = two.glob('previous_*')
    assert names(previous) == theirs
    assert names(two) == {'epoch_3.pth', 'best_PSNR_epoch_3.pth', 'last_checkpoint'}


def test_a_folder_in_place_of_the_pointer_is_told_first(coco: Path, tmp_path: Path) -> None:
    (tmp_path / 'run/last_checkpoint').mkdir(parents=True)
    with pytest.raises(ConfigError, match='last_checkpoint is a folder'):
        Runner.from_cfg(tiny_config(coco, tmp_path / 'run')).train()
    assert not list((tmp_path / 'run').rglob('*.pth'))
