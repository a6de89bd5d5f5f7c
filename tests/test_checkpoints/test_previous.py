# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""An earlier run's checkpoints are moved, and nothing else."""

from pathlib import Path

from sr4ir_mm.checkpoints import set_aside


def test_checkpoints_are_moved_and_nothing_else(tmp_path: Path) -> None:
    ours = ['epoch_1.pth', 'iter_20.pth', 'best_coco_bbox_mAP_epoch_3.pth', 'last_good.pth']
    users = ['epoch_1.pth.bak', 'best_mine.pth', 'sr.pth', 'config.py']
    for name in (*ours, 'last_checkpoint', *users):
        (tmp_path / name).write_text(name)
    previous = set_aside(tmp_path, 'then')
    assert previous == tmp_path / 'previous_then'
    assert {path.name for path in previous.iterdir()} == {*ours, 'last_checkpoint'}
    assert all(path.read_text() == path.name for path in previous.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {*users, 'previous_then'}
    assert set_aside(tmp_path, 'now') is None
    for number in (2, 3):  # in the same second
        (tmp_path / 'epoch_1.pth').write_text(str(number))
        again = set_aside(tmp_path, 'then')
        assert again == tmp_path / f'previous_then_{number}'
        assert (again / 'epoch_1.pth').read_text() == str(number)
    assert (previous / 'epoch_1.pth').read_text() == 'epoch_1.pth'
