# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where runs are."""

import os
from pathlib import Path

import pytest

from sr4ir_mm.utils.layout import default_work_dir, mirror, relocate, training_command


def test_mirror() -> None:
    assert mirror('/a/configs/b/configs/s/x.py') == ('/a/configs/b/configs', 's/x')
    assert mirror('/a/b/x.py') == ('/a/b', 'x')
    assert default_work_dir('/a/configs/s/x.py') == 'work_dirs/s/x'


@pytest.mark.parametrize(
    ('work_dir', 'root', 'expected'),
    [
        ('work_dirs/s/x', '/runs', '/runs/s/x'),
        ('./work_dirs/s/x/', 'r', os.path.join('r', 's', 'x')),
        ('weights/x.pth', '/root', 'weights/x.pth'),
        ('/work_dirs/s/x', '/root', '/work_dirs/s/x'),
    ],
)
def test_relocate(work_dir: str, root: str, expected: str) -> None:
    assert relocate(work_dir, root) == expected


def test_training_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = 'python tools/train.py configs/s/det_edsr_x4.py'  # that we ship
    assert training_command('work_dirs/s/det_edsr_x4') == own
    assert training_command('work_dirs/s/x') is None
    (tmp_path / 'configs/s').mkdir(parents=True)
    (tmp_path / 'configs/s/x.py').touch()
    assert training_command('work_dirs/s/x') == 'python tools/train.py configs/s/x.py'
    assert training_command('weights/x.pth') is None
    (tmp_path / 'demo/configs').mkdir(parents=True)
    (tmp_path / 'demo/configs/s.py').touch()
    command = 'python tools/train.py demo/configs/s.py --work-dir work_dirs/demo/s'
    assert training_command('work_dirs/demo/s') == command
