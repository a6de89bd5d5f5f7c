# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A run goes on as the run that it was, or says why not."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from sr4ir_mm.apis.resuming import check_changes
from sr4ir_mm.errors import CheckpointError
from tests.utils.tiny import tiny_config
from tests.utils.tools import tool


@pytest.fixture(scope='module')
def run(coco: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and the checkpoints of its two epochs."""
    root = tmp_path_factory.mktemp('run')
    cfg = tiny_config(coco, root / 'work', log_level='ERROR')
    cfg.pop('work_dir')
    cfg.dump(root / 'tiny.py')
    tool('train').main([str(root / 'tiny.py'), '--work-dir', str(root / 'work')])
    return root


def resumed(run: Path, work_dir: Path, *words: str, checkpoint: str = '', **options: object) -> str:
    """Resume from the first epoch with other values in the config; give the work dir's last one."""
    cfg = Config.fromfile(run / 'tiny.py')
    cfg.merge_from_dict({key.replace('__', '.'): value for key, value in options.items()})
    work_dir.mkdir(exist_ok=True)
    cfg.dump(work_dir / 'other.py')
    source = checkpoint or str(run / 'work/epoch_1.pth')
    tool('train').main(
        [str(work_dir / 'other.py'), '--work-dir', str(work_dir), '--resume', source, *words]
    )
    return (work_dir / 'last_checkpoint').read_text()


def error(capsys: pytest.CaptureFixture, run: Path, work_dir: Path, **options: object) -> str:
    with pytest.raises(SystemExit) as end:
        resumed(run, work_dir, **options)
    assert end.value.code == 1
    assert not list(work_dir.glob('*.pth'))
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ('key', 'value', 'row'),
    [
        ('train_dataloader__batch_size', 1, ('train_dataloader.batch_size', '2', '1')),
        ('optim_wrapper__sr__optimizer__lr', 0.5, ('optim_wrapper.sr.optimizer.lr', '0.5')),
        ('model__cqmix__prob', 0.1, ('model.cqmix.prob', '0.1')),
        ('randomness__seed', 7, ('randomness.seed', '7')),
        ('phases__0__losses__pixel__sr', 3.0, ('phases.0.losses.pixel.sr', '3.0')),
    ],
)
def test_another_config_is_refused(
    key: str, value: object, row: tuple, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    message = error(capsys, run, tmp_path, **{key: value})
    assert f'{run / "work/epoch_1.pth"} was trained with another config' in message
    (line,) = [line for line in message.splitlines() if line.startswith(f'  {row[0]} ')]
    assert [part for part in row if part in line.split()] == list(row)
    assert '--force' in message


@pytest.mark.parametrize(
    ('changed', 'option'),
    [
        (('auto_scale_lr.enable', True, False), '--auto-scale-lr'),
        (('model.fast', True, 'not set'), '--fast'),
        (('compile', 'not set', True), '--compile'),
        (('compile.mode', 'default', 'not set'), '--compile'),
        (('optim_wrapper.sr.type', 'BFloat16OptimWrapper', 'OptimWrapper'), '--amp'),
    ],
)
def test_an_option_that_the_run_had_is_named(
    changed: tuple[str, object, object], option: str
) -> None:
    with pytest.raises(CheckpointError, match=rf'Take that back \(the option {option}\), or add'):
        check_changes([changed], 'epoch_1.pth', force=False)


def test_force_goes_on(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    last = resumed(run, tmp_path, '--force', train_dataloader__batch_size=1)
    assert last == str(tmp_path / 'epoch_2.pth')
    assert 'train_dataloader.batch_size' in capsys.readouterr().out


def test_a_run_may_be_made_longer(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert resumed(run, tmp_path, train_cfg__max_epochs=3) == str(tmp_path / 'epoch_3.pth')
    assert 'train_cfg.max_epochs' in capsys.readouterr().out


def test_the_same_arithmetic_may_take_less_memory(run: Path, tmp_path: Path) -> None:
    assert resumed(run, tmp_path, model__checkpoint_sr=True) == str(tmp_path / 'epoch_2.pth')
    whole, saved = (torch.load(path / 'epoch_2.pth', weights_only=False)['state_dict']
                    for path in (run / 'work', tmp_path))  # fmt: skip
    assert all(torch.equal(saved[name], value) for name, value in whole.items())


def test_a_finished_run_says_so(run: Path, capsys: pytest.CaptureFixture) -> None:
    before = {path: path.read_bytes() for path in (run / 'work').glob('*.pth')}
    tool('train').main([str(run / 'tiny.py'), '--work-dir', str(run / 'work'), '--resume'])
    assert 'This run is finished: 2 of 2 epochs' in capsys.readouterr().out
    assert {path: path.read_bytes() for path in (run / 'work').glob('*.pth')} == before


@pytest.mark.parametrize('part', ['optimizer', 'param_schedulers', 'optimizer.task'])
def test_a_missing_state_is_an_error(
    part: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    content = torch.load(run / 'work/epoch_1.pth', weights_only=False)
    holder, _, name = part.rpartition('.')
    (content[holder] if holder else content).pop(name)
    torch.save(content, tmp_path / 'broken.pt')
    message = error(capsys, run, tmp_path, checkpoint=str(tmp_path / 'broken.pt'))
    assert f'broken.pt has no {part}: no run can go on' in message
