# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The last checkpoint is the last that can be read, whatever a killed run left."""

from pathlib import Path

import pytest
import torch

from sr4ir_mm.checkpoints import checkpoint_to_resume, last_checkpoint, steps_of
from sr4ir_mm.errors import CheckpointError


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A work dir of three epochs, of which the pointer names the last."""
    for epoch in (2, 9, 10):
        torch.save(dict(epoch=torch.full((100,), epoch)), tmp_path / f'epoch_{epoch}.pth')
    torch.save({}, tmp_path / 'best_mAP_epoch_11.pth')
    (tmp_path / 'last_checkpoint').write_text(str(tmp_path / 'epoch_10.pth'))
    return tmp_path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def flip(path: Path, value: int) -> None:
    """Change a number that is stored in a file, which stays as long as it was."""
    old, new = (torch.full((100,), v).numpy().tobytes() for v in (value, value + 1))
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def test_the_pointer_comes_first(run: Path) -> None:
    (run / 'last_checkpoint').write_text(str(run / 'epoch_2.pth'))
    assert last_checkpoint(run) == run / 'epoch_2.pth'
    assert checkpoint_to_resume(run) == (run / 'epoch_2.pth', [])


@pytest.mark.parametrize(
    'pointer', ['', '/gone/epoch_3.pth', None, b'\xff\xfe', 'a' * 300, bytes(range(1, 200))]
)
def test_without_a_good_pointer_it_is_the_newest(run: Path, pointer: str | bytes | None) -> None:
    if pointer is None:
        (run / 'last_checkpoint').unlink()
    else:
        data = pointer if isinstance(pointer, bytes) else pointer.encode()
        (run / 'last_checkpoint').write_bytes(data)
    assert last_checkpoint(run) == run / 'epoch_10.pth'
    assert checkpoint_to_resume(run)[0] == run / 'epoch_10.pth'


def test_a_copied_run_goes_on_from_its_own_files(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / 'copy'
    copy.mkdir()
    for name in ('epoch_10.pth', 'last_checkpoint'):
        (copy / name).write_bytes((run / name).read_bytes())
    assert last_checkpoint(copy) == copy / 'epoch_10.pth'


def test_what_is_cut_off_is_passed_over(run: Path) -> None:
    cut(run / 'epoch_10.pth')
    assert last_checkpoint(run) == run / 'epoch_9.pth'
    path, passed_over = checkpoint_to_resume(run)
    assert path == run / 'epoch_9.pth'
    assert len(passed_over) == 1
    assert f'{run / "epoch_10.pth"} is passed over: it is cut off' in passed_over[0]


def test_a_cut_off_file_without_check_sums_is_passed_over(run: Path) -> None:
    path = run / 'epoch_10.pth'
    torch.save(torch.load(path), path, _use_new_zipfile_serialization=False)
    assert checkpoint_to_resume(run) == (path, [])
    path.write_bytes(path.read_bytes()[:-100])
    found, passed_over = checkpoint_to_resume(run)
    assert found == run / 'epoch_9.pth'
    assert 'epoch_10.pth cannot be read' in passed_over[0]


def test_resuming_reads_the_whole_file(run: Path) -> None:
    flip(run / 'epoch_10.pth', 10)
    path, passed_over = checkpoint_to_resume(run)
    assert path == run / 'epoch_9.pth'
    assert 'epoch_10.pth is passed over: it is damaged' in passed_over[0]


def test_a_run_is_never_begun_over_what_cannot_be_read(run: Path) -> None:
    for path in run.glob('epoch_*.pth'):
        cut(path)
    assert last_checkpoint(run) is None
    with pytest.raises(CheckpointError, match=r'No checkpoint in .* can be read.*epoch_9\.pth'):
        checkpoint_to_resume(run)


def test_nothing_to_resume(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / 'none'):
        assert last_checkpoint(folder) is None
        assert checkpoint_to_resume(folder) == (None, [])


def test_steps_of() -> None:
    names = ('a/epoch_12.pth', 'iter_400.pth', 'best_epoch_3.pth', 'epoch_3.pth.part')
    assert [steps_of(name) for name in names] == [12, 400, None, None]
