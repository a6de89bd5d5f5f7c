# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A fault of the last run of a table is found before the first one begins."""

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tables.preflight import check_runs
from tables.runs import TableRuns
from tables.table import load_table

from sr4ir_mm.errors import ConfigError, SR4IRError
from tests.utils.tools import tool
from tests.utils.toy_table import FakeTools, make_toy_table

LAST = Path('configs/t2s/toy_edsr_x4.py')


@pytest.fixture(autouse=True)
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_toy_table(tmp_path)
    monkeypatch.chdir(tmp_path)


def check(
    options: Sequence[str] = (), with_files: bool = True, without: Sequence[str] = ()
) -> None:
    table = load_table('toys.yml', Path.cwd())
    runs = TableRuns(table.cells, Path.cwd(), 'work_dirs', options, without).order(table.cells)
    check_runs(runs, options, with_files)


def change(old: str, new: str) -> Callable[[], object]:
    """Change the config of the last run."""
    return lambda: LAST.write_text(LAST.read_text().replace(old, new))


def break_annotations() -> None:
    """Let the last run read a file that is cut off."""
    change("mmpretrain.CustomDataset'", "mmdet.CocoDataset', ann_file='ann.json'")()
    Path('data/toys/ann.json').write_text('{"images": [')


def cut_weights() -> None:
    """Let the last run start from what a broken download leaves."""
    change('weights/edsr.pth', 'weights/cut.pth')()
    Path('weights/cut.pth').write_bytes(Path('weights/edsr.pth').read_bytes()[:-200])


@pytest.mark.parametrize(
    ('spoil', 'message'),
    [
        (change('batch_size=8', 'batch_sise=8'), "train_dataloader.* did you mean 'batch_size'"),
        (change('data/toys', 'data/none'), 'no folder data/none, the data_root of train_data'),
        (change("'PSNR'", "'PSRN'"), r"test_evaluator\.1\.type = 'PSRN': .* 'PSNR'"),
        (break_annotations, 'Annotations data/toys/ann.json are not JSON, or are cut off'),
        (change("'PSNR'", "'PSNR', crop_border=-1"), 'crop_border'),
        (change('weights/edsr.pth', 'weights/none.pth'), 'model.init.sr is weights/none.pth'),
        (cut_weights, r'model\.init\.sr: weights/cut\.pth .*cut off'),
    ],
)
def test_the_run_and_its_fault_are_named(spoil: Callable[[], object], message: str) -> None:
    check()
    spoil()
    with pytest.raises(SR4IRError, match=f'^t2s/toy_edsr_x4: .*{message}'):
        check()


def test_an_option_that_some_run_cannot_take() -> None:
    check(['train_cfg.max_epochs=1'])
    message = '^h2t/toy: .*max_epoch.* (--cfg-options train_cfg.max_epoch=1 are for every run.)$'
    with pytest.raises(SR4IRError, match=re.sub('([()])', r'\\\1', message)):
        check(['train_cfg.max_epoch=1'])
    with pytest.raises(SR4IRError, match='a run reads no key mine'):
        check(['mine.scale=8'])


def test_files_are_left_to_the_machine_that_runs() -> None:
    shutil.rmtree('data')
    Path('weights/edsr.pth').unlink()
    check(with_files=False)
    with pytest.raises(SR4IRError, match='no folder data/toys'):
        check()


def test_pipelines_of_the_task_models_own_config_are_taken_over() -> None:
    resnet = "cfg_path='mmpretrain::resnet/resnet18_8xb32_in1k.py'"
    for old, new in (('pipeline=[]', "pipeline='task'"), ('task=dict()', f'task=dict({resnet})')):
        change(old, new)()
    check()


def test_metrics_that_are_left_out_need_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('SR4IR_LPIPS_WEIGHTS', 'none.pth')
    config = LAST.read_text()
    validation = """
val_dataloader, val_cfg = test_dataloader, dict()
val_evaluator = [dict(type='PSNR'), dict(type='LPIPS')]
test_evaluator = [*test_evaluator, dict(type='LPIPS')]
"""
    LAST.write_text(config + validation)
    with pytest.raises(SR4IRError, match='^t2s/toy_edsr_x4: LPIPS: .*none.pth'):
        check()
    check(without=['LPIPS'])
    tools = FakeTools()
    module = tool('run_table')
    monkeypatch.setattr(module, 'run_command', tools)
    module.main(['toys.yml', '--rows', 'h2t', 't2s', '--without', 'LPIPS'])
    given = [
        words[words.index('--without') + 1 :] for words in tools.commands if '--without' in words
    ]
    assert given == [['LPIPS'], ['LPIPS']]  # of t2s, to train and to test


def test_what_is_finished_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    module = tool('run_table')
    monkeypatch.setattr(module, 'run_command', FakeTools())
    module.main(['toys.yml'])
    shutil.rmtree('data')
    check()


def test_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    module, tools = tool('run_table'), FakeTools()
    monkeypatch.setattr(module, 'run_command', tools)
    change('data/toys', 'data/none')()
    for options in ([], ['--rows', 't2s', '--scales', '4']):
        with pytest.raises(SystemExit):
            module.main(['toys.yml', *options])
    assert tools.commands == []
    assert not Path('work_dirs').exists()


def test_options_that_fit_no_run(capsys: pytest.CaptureFixture) -> None:
    table = load_table('small', Path(__file__).parents[3])
    module = tool('run_table')
    args = module.parse_args(['small', '--tasks', 'det', '--scales', '4'])
    with pytest.raises(ConfigError, match='small has no run that fits all of --tasks det --sca'):
        module.select(table, args)
