# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The config in a checkpoint is text: it is parsed, and never run."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MessageHub

from sr4ir_mm.checkpoints import done_of, trained_config, training_seconds
from sr4ir_mm.errors import CheckpointError
from tests.utils.tiny import ROOT

LEAVES = [
    'h2t/det', 'l2t/seg_x8', 's/det_swinir_x4', 's2t/cls_cub_edsr_x8', 'sr4ir/seg_edsr_x4',
    'ablations/fixed_tdp/seg_edsr_x8', 'related/sod_mtgan/cls_cars_edsr_x8',
]  # fmt: skip


@pytest.mark.parametrize('name', LEAVES)
def test_what_mmengine_writes_is_read(name: str) -> None:
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py')
    assert trained_config(dict(cfg=cfg.pretty_text)).to_dict() == cfg.to_dict()


def test_odd_values_are_read() -> None:
    text = "a = -1\nb = dict(c=[float('inf')] if False else (1, None))\n"
    with pytest.raises(CheckpointError):
        trained_config(dict(cfg=text))
    assert trained_config(dict(cfg='a = {1: -0.5, "x": (True, [])}\nb = inf')).to_dict() == {
        'a': {1: -0.5, 'x': (True, [])},
        'b': float('inf'),
    }
    assert trained_config({}) is None


@pytest.mark.parametrize(
    'text',
    [
        "import os\nos.system('touch {marker}')",
        "a = __import__('os').system('touch {marker}')",
        "a = dict(**__import__('os').environ)",
        "a = [open('{marker}', 'w') for _ in (1,)]",
        'a = 9 ** 9 ** 9',
        'a = (' * 500,
        'a = ' + '-' * 10000 + '1',
        'a = {[]: 1}',
        'a, b = 1, 2',
        "a = f'{1}'",
        'a = \0',
        "filename = 'a name that Config keeps for itself'",
    ],
)
def test_nothing_of_it_is_run(text: str, tmp_path: Path) -> None:
    marker = tmp_path / 'ran'
    with pytest.raises(CheckpointError, match=r'bad\.pth was trained with cannot be taken'):
        trained_config(dict(cfg=text.replace('{marker}', str(marker))), 'bad.pth')
    assert not marker.exists()


def test_what_a_checkpoint_says_of_its_age() -> None:
    assert done_of(dict(epoch=2, iter=70), 'epochs') == 2
    assert done_of(dict(epoch=2, iter=70), 'iterations') == 70
    assert done_of({}, 'epochs') is None


def test_how_long_a_run_was_trained(tmp_path: Path) -> None:
    hub = MessageHub('a run')
    for time in (0.5, 2.0, 0.25):
        hub.update_scalar('train/time', time)
        hub.update_scalar('val/time', 100.0)
    path = tmp_path / 'epoch_1.pth'
    torch.save(dict(message_hub=hub.state_dict(), state_dict={}), path)
    assert training_seconds(path) == 2.75
    torch.save(dict(weight=torch.zeros(1)), path)
    assert training_seconds(path) is None


def test_steps_that_are_no_number_are_named() -> None:
    assert done_of({}, 'epochs') is None
    assert done_of(dict(epoch=3, iter=7), 'iterations') == 7
    with pytest.raises(CheckpointError, match=r"meta of a\.pth is damaged: epoch is 'two'"):
        done_of(dict(epoch='two'), 'epochs', 'a.pth')
