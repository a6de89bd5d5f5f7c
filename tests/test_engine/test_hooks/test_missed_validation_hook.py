# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A validation that was cut short is made up for, once, with the figures that it would have had."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import read_checkpoint
from tests.utils.tiny import tiny_config

STEPS = dict(epoch=[1, 2, 3], iter=[3, 6, 9])


class Killed(BaseException):
    """What nobody catches."""


def config(loop: str, coco: Path, work_dir: Path) -> Config:
    """Validate and save three times; by epochs the learning rate follows the figures."""
    cfg = tiny_config(coco, work_dir, 's/det_edsr_x4')
    cfg.experiment_name = work_dir.name
    cfg.train_cfg.update(max_epochs=3, val_interval=1)
    cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
    cfg.val_evaluator = dict(type='PSNR')
    checkpoint = cfg.default_hooks.checkpoint
    checkpoint.update(max_keep_ckpts=1, save_best='PSNR', rule='less')
    if loop == 'iter':
        cfg.train_cfg = dict(type='AlternatingIterLoop', max_iters=9, val_interval=3)
        cfg.train_dataloader.sampler = dict(type='InfiniteSampler', shuffle=True)
        cfg.train_dataloader.pop('batch_sampler', None)
        checkpoint.update(by_epoch=False, interval=3)
        cfg.default_hooks.logger.log_metric_by_epoch = False
    else:
        # It hardly ever finds the figure better.
        plateau = dict(type='ReduceOnPlateauLR', monitor='PSNR', rule='greater', patience=0)
        cfg.param_scheduler = dict(sr=[dict(plateau, threshold=1e6)])
    return cfg


def kill_in_validation(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """End the process in a validation, before its figures are there."""
    calls = []
    evaluate = Evaluator.evaluate

    def killed(self: Evaluator, size: int) -> dict:
        calls.append(size)
        if len(calls) == number:
            raise Killed
        return evaluate(self, size)

    monkeypatch.setattr(Evaluator, 'evaluate', killed)


def figures(work_dir: Path) -> list[tuple[int, float]]:
    """Read (step, PSNR) of all validations from the logs."""
    lines = [
        json.loads(line)
        for path in sorted(work_dir.glob('*/vis_data/*.json'))
        if path.name == 'scalars.json'
        for line in path.read_text().splitlines()
    ]
    return [(line['step'], line['PSNR']) for line in lines if 'PSNR' in line]


def result(work_dir: Path, name: str) -> dict[str, Any]:
    """Read all that the end of a run should have, whatever came in between."""
    end = read_checkpoint(work_dir / name)
    history = end['message_hub']['log_scalars']['val/PSNR'].data[0].tolist()
    best = {path.name: read_checkpoint(path) for path in work_dir.glob('best_*.pth')}
    return dict(
        weights=end['state_dict'],
        optimizer=end['optimizer'],
        schedulers=end['param_schedulers'],
        history=history,
        score=end['message_hub']['runtime_info']['best_score'],
        best={key: value['state_dict'] for key, value in best.items()},
    )


def assert_equal(ours: Any, theirs: Any, where: str = '') -> None:
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys(), where
        for key, value in theirs.items():
            assert_equal(ours[key], value, f'{where}.{key}')
    elif isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs), where
        for index, value in enumerate(theirs):
            assert_equal(ours[index], value, f'{where}.{index}')
    elif isinstance(theirs, torch.Tensor):
        assert torch.equal(ours, theirs), where
    else:
        assert ours == theirs, where


def go_on(cfg: Config) -> None:
    time.sleep(1)  # runs that begin in one second share, and write over, one log
    Runner.from_cfg(cfg).train()


@pytest.mark.parametrize('number', [1, 3])
@pytest.mark.parametrize('loop', STEPS)
def test_is_made_up_for_once(
    loop: str, number: int, coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / 'whole', tmp_path / 'cut'
    Runner.from_cfg(config(loop, coco, whole)).train()
    assert [step for step, _ in figures(whole)] == STEPS[loop]

    with monkeypatch.context() as patch:
        kill_in_validation(patch, number)
        with pytest.raises(Killed):
            Runner.from_cfg(config(loop, coco, cut)).train()
    # Resumed as users of MMEngine do, who have lost the pointer.
    (cut / 'last_checkpoint').unlink()
    cfg = config(loop, coco, cut)
    cfg.resume = True
    with monkeypatch.context() as patch:
        kill_in_validation(patch, 2)  # the next but one, where there is one
        if number == 1:
            with pytest.raises(Killed):
                go_on(cfg)
        go_on(cfg)
    name = f'{loop}_{STEPS[loop][-1]}.pth'
    assert figures(cut) == figures(whole)
    assert_equal(result(cut, name), result(whole, name))
    assert not read_checkpoint(cut / name)['meta']['validation_due']
    # Once: a finished run has nothing left to make up for.
    go_on(cfg)
    assert figures(cut) == figures(whole)


def test_a_metric_that_no_validation_gives(coco: Path, tmp_path: Path) -> None:
    cfg = config('epoch', coco, tmp_path)
    cfg.default_hooks.checkpoint.save_best = 'psnr'
    with pytest.raises(ValueError, match="save_best = 'psnr': a validation gives no such figure"):
        Runner.from_cfg(cfg).train()
