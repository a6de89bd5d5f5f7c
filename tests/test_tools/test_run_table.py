# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""run_table.py: order, resuming from any point, refusing, failing."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from mmengine.config import Config
from tables.result import read_result
from tables.runs import TableRuns, state_of
from tables.table import load_table

from sr4ir_mm.checkpoints import last_checkpoint
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import TOOLS, tool
from tests.utils.toy_table import FakeTools, Killed, make_toy_table

# Two epochs of four steps and a test of three, for each of four runs.
STEPS = 4 * (2 * 4 + 3)


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run_table.py in a folder with a table of toys."""
    make_toy_table(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tool('run_table')


def run(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, *args: str, kill_at: int = 0
) -> FakeTools:
    tools = FakeTools(kill_at)
    monkeypatch.setattr(module, 'run_command', tools)
    module.main(['toys.yml', *args])
    return tools


def final_table(work_dirs: str = 'work_dirs') -> list:
    """The table without the date and the state of the code, which may change in between."""
    tool('results_table').main([work_dirs, '--table', 'toys.yml'])
    content = json.loads(Path(work_dirs, 'results.json').read_text())
    for row in content[0]['rows']:
        cell = row['cells'][0]
        assert cell.pop('date')
        del cell['commit'], cell['dirty']
    return content


def names(tools: FakeTools) -> list[str]:
    """What was done, as 'train s/toy_edsr_x4'."""
    return [
        f'{Path(words[1]).stem} {words[2].removeprefix("configs/").removesuffix(".py")}'
        for words in tools.commands
    ]


def error_of(capsys: pytest.CaptureFixture, module: ModuleType, *args: str) -> str:
    with pytest.raises(SystemExit) as end:
        module.main(list(args))
    assert end.value.code == 1
    return capsys.readouterr().err


@pytest.fixture(scope='module')
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> list:
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp('uninterrupted')
        make_toy_table(root)
        patch.chdir(root)
        tools = run(tool('run_table'), patch)
        assert tools.steps == STEPS
        return final_table()


@pytest.mark.parametrize('kill_at', range(1, STEPS + 1))
def test_killed_anywhere_and_called_again_it_ends_with_the_same_table(
    kill_at: int, uninterrupted: list, toys: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Killed):
        run(toys, monkeypatch, kill_at=kill_at)
    again = run(toys, monkeypatch)
    # At most the epoch or the test that was under way is done twice.
    assert kill_at + again.steps <= STEPS + 4
    assert final_table() == uninterrupted
    assert run(toys, monkeypatch).commands == []


def test_order_and_what_is_added(
    toys: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    tools = run(toys, monkeypatch, '--rows', 't2s', 's2t')
    assert names(tools) == [
        f'{todo} {name}'
        for name in ('s/toy_edsr_x4', 's2t/toy_edsr_x4', 'h2t/toy', 't2s/toy_edsr_x4')
        for todo in ('train', 'test')
    ]
    captured = capsys.readouterr()
    assert 'added: s/toy_edsr_x4, from which s2t/toy_edsr_x4 starts' in captured.err
    assert '[3/4] h2t/toy: train and test, about 0.0 h left in all' in captured.out
    assert '1 x batch_size 8 = 8' in captured.err
    assert 'made for 16' in captured.err
    # What a finished run started from is not needed any more.
    (last_checkpoint('work_dirs/s/toy_edsr_x4')).unlink()
    Path('work_dirs/s/toy_edsr_x4/result.json').unlink()
    assert run(toys, monkeypatch, '--rows', 's2t').commands == []


def test_dry_run_prints_commands_that_work(
    toys: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    root = "a root's"
    tools = run(toys, monkeypatch, '--work-dirs', root, '--rows', 't2s', 's2t', '--dry-run',
                '--cfg-options', 'experiment_name=x y')  # fmt: skip
    assert tools.commands == []
    lines = capsys.readouterr().out.splitlines()
    assert [re.search(r'(train|test)\.py configs/(\w+)/', line).groups() for line in lines] == [
        (todo, name) for name in ('s', 's2t', 'h2t', 't2s') for todo in ('train', 'test')
    ]
    words = shlex.split(lines[2])
    assert words[1] == str(ROOT / 'tools/train.py')
    assert words[2:6] == ['configs/s2t/toy_edsr_x4.py', '--work-dir', f'{root}/s2t/toy_edsr_x4',
                          '--resume']  # fmt: skip
    options = ['--cfg-options', 'experiment_name=x y', f'model.init.sr={root}/s/toy_edsr_x4']
    assert words[6:] == options
    # A test takes the last checkpoint of its work dir.
    assert shlex.split(lines[3])[2:4] == ['configs/s2t/toy_edsr_x4.py', f'{root}/s2t/toy_edsr_x4']


@pytest.mark.parametrize('launcher', ['pytorch', 'slurm'])
def test_several_processes(
    launcher: str,
    toys: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setenv('PARTITION', 'gpu')
    monkeypatch.delenv('GPUS_PER_NODE', raising=False)
    run(toys, monkeypatch, '--rows', 'h2t', '--launcher', launcher, '--dry-run')
    captured = capsys.readouterr()
    assert captured.err == ''  # two processes of 8, as the config is made for
    train, test = captured.out.splitlines()
    checkpoint = 'work_dirs/h2t/toy'
    if launcher == 'pytorch':
        assert train.endswith('tools/dist_train.sh configs/h2t/toy.py 2 --resume')
        assert test.endswith(f'tools/dist_test.sh configs/h2t/toy.py {checkpoint} 2')
    else:
        assert train.startswith('GPUS=2 GPUS_PER_NODE=2 ')
        assert train.endswith(
            'slurm_train.sh gpu h2t/toy configs/h2t/toy.py work_dirs/h2t/toy --resume'
        )
        assert test.endswith(f'slurm_test.sh gpu h2t/toy configs/h2t/toy.py {checkpoint}')
    run(toys, monkeypatch, '--rows', 'h2t', '--launcher', launcher, '--gpus', '4', '--dry-run')
    assert '4 x batch_size 8 = 32' in capsys.readouterr().err


def test_a_changed_config_is_refused(
    toys: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    run(toys, monkeypatch, '--rows', 's2t')
    path = Path('configs/s2t/toy_edsr_x4.py')
    path.write_text(path.read_text().replace('max_epochs=2', 'max_epochs=3, x=1'))
    message = error_of(capsys, toys, 'toys.yml')
    assert 'work_dirs/s2t/toy_edsr_x4 was trained with another config' in message
    assert 'train_cfg.max_epochs (2, now 3); train_cfg.x (not set, now 1)' in message
    # What does not matter to the figures may change; metrics may, at the cost of a test.
    path.write_text(path.read_text().replace('=3, x=1', '=2').replace('workers=2', 'workers=4'))
    assert run(toys, monkeypatch, '--rows', 's2t').commands == []
    tools = run(toys, monkeypatch, '--rows', 's2t', '--without', 'PSNR')
    assert names(tools) == ['test s2t/toy_edsr_x4']
    assert tools.commands[0][-2:] == ['--without', 'PSNR']


def test_bad_input_is_named(toys: ModuleType, capsys: pytest.CaptureFixture) -> None:
    assert 'no table 8' in error_of(capsys, toys, '8')
    assert '--rows sr4ir: the table has no such; there are h2t, s2t, t2s.' in error_of(
        capsys, toys, 'toys.yml', '--rows', 'sr4ir'
    )
    assert "--rows S2T: the table has no such; did you mean 's2t'?" in error_of(
        capsys, toys, 'toys.yml', '--rows', 'S2T'
    )
    assert '--gpus 2 needs --launcher' in error_of(capsys, toys, 'toys.yml', '--gpus', '2')
    assert '--without LPIPS' in error_of(capsys, toys, 'toys.yml', '--without', 'LPIPS')
    assert 'x is not KEY=VALUE' in error_of(capsys, toys, 'toys.yml', '--cfg-options', 'x')
    Path('configs/s/toy_edsr_x4.py').unlink()
    message = error_of(capsys, toys, 'toys.yml')
    assert 'model.init.sr is work_dirs/s/toy_edsr_x4, which no config' in message
    Path('configs/t2s/toy_edsr_x4.py').unlink()
    assert 'no config configs/t2s/toy_edsr_x4.py' in error_of(
        capsys, toys, 'toys.yml', '--rows', 't2s'
    )


FAILING = """
import pathlib, sys
rates = 'lr: 1.0e-01  task.base_lr: 2.0e-02  task.lr: 1.0e-02'
print(f'Epoch(train)  [1][7/8]  {rates}  eta: 0:00:01  time: 0.5  loss: 0.25', flush=True)
print('the disk is full')
sys.exit(3)
"""
SLEEPING = """
import os, pathlib, time
pathlib.Path('child').write_text(str(os.getpid()))
time.sleep(100)
"""


def start(root: Path, script: str) -> subprocess.Popen:
    """Start run_table.py beside a train.py of ours."""
    tools = root / 'tools'
    tools.mkdir()
    (tools / 'train.py').write_text(script)
    shutil.copy(TOOLS / 'run_table.py', tools)
    shutil.copytree(TOOLS / 'tables', tools / 'tables')
    path = os.pathsep.join([str(ROOT), os.environ.get('PYTHONPATH', '')])
    return subprocess.Popen(
        [sys.executable, '-W', 'ignore', 'tools/run_table.py', 'toys.yml', '--rows', 'h2t'],
        cwd=root,
        env=dict(os.environ, PYTHONPATH=path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_failing_step_shows_its_command_and_log(toys: ModuleType, tmp_path: Path) -> None:
    out, err = start(tmp_path, FAILING).communicate(timeout=60)
    assert '[1/1] h2t/toy: train and test' in out
    assert '      Epoch(train)  [1][7/8]  eta: 0:00:01  loss: 0.25\n' in out
    assert 'the disk is full' in out
    assert 'error: python tools/train.py configs/h2t/toy.py --resume\nfailed (exit code 3)' in err
    log = Path('work_dirs/h2t/toy/run_table.log')
    assert str(log) in err
    assert log.read_text().startswith('$ python tools/train.py configs/h2t/toy.py --resume\n')


def test_it_takes_the_running_command_with_it(toys: ModuleType, tmp_path: Path) -> None:
    process = start(tmp_path, SLEEPING)
    child = tmp_path / 'child'
    while not child.is_file() or not child.read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(child.read_text()), 0)


def test_training_that_ends_early_is_an_error(
    toys: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(toys, 'run_command', lambda *args: 0)
    message = error_of(capsys, toys, 'toys.yml', '--rows', 'h2t')
    assert 'train of h2t/toy ended without an error, but after 0 of 2 epochs' in message


def test_a_run_by_hand_is_recognised(
    coco: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real tools record what run_table.py looks for."""
    monkeypatch.chdir(tmp_path)
    cfg = tiny_config(coco, Path('unused'))
    cfg.pop('work_dir')
    cfg.train_cfg.max_epochs = 1
    cfg.dump('tiny.py')
    Path('tiny.yml').write_text(
        'columns: [{name: PSNR, key: PSNR, best: high, decimals: 2}]\n'
        'rows: [{setting: sr4ir, config: tiny.py}]\n'
    )
    table = load_table('tiny.yml', ROOT)

    def todo() -> str:
        return state_of(
            TableRuns(table.rows[0].cells, ROOT, 'work_dirs').load('work_dirs/tiny')
        ).todo

    assert todo() == 'train'
    tool('train').main(['tiny.py', '--work-dir', 'work_dirs/tiny'])
    assert todo() == 'test'
    metrics = tool('test').main(
        ['tiny.py', 'work_dirs/tiny/epoch_1.pth', '--work-dir', 'work_dirs/tiny',
         '--out', 'p.pkl', '--references', 'hr', '--show-dir', 'shown']
    )  # fmt: skip
    assert todo() == 'nothing'
    result = read_result('work_dirs/tiny')
    assert (result['config'], result['seed'], result['done']) == ('tiny.py', 100, 1)
    assert result['metrics'] == pytest.approx(dict(metrics))
    assert Config.fromfile('work_dirs/tiny/tiny.py').train_cfg.max_epochs == 1


def test_each_seed_has_runs_of_its_own_from_the_same_seed(
    toys: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    tools = run(toys, monkeypatch, '--seeds', '1', '2')
    # s is no row of the table: it is made once, with its own seed.
    assert [shlex.join(words[2:]) for words in tools.commands if words[1].endswith('train.py')] == [
        f'configs/{setting}/toy{net}.py {folder}--resume{options}'
        for setting, net, folder, options in (
            ('h2t', '', '--work-dir work_dirs/h2t/toy/seed_1 ', ' --cfg-options randomness.seed=1'),
            ('h2t', '', '--work-dir work_dirs/h2t/toy/seed_2 ', ' --cfg-options randomness.seed=2'),
            ('s', '_edsr_x4', '', ''),
            *(
                (
                    's2t',
                    '_edsr_x4',
                    f'--work-dir work_dirs/s2t/toy_edsr_x4/seed_{seed} ',
                    f' --cfg-options randomness.seed={seed}',
                )
                for seed in (1, 2)
            ),
            *(
                (
                    't2s',
                    '_edsr_x4',
                    f'--work-dir work_dirs/t2s/toy_edsr_x4/seed_{seed} ',
                    f' --cfg-options randomness.seed={seed} '
                    f'model.init.task=work_dirs/h2t/toy/seed_{seed}',
                )
                for seed in (1, 2)
            ),
        )
    ]
    assert '--table toys.yml --seeds 1 2' in capsys.readouterr().out
    assert run(toys, monkeypatch, '--seeds', '1', '2').commands == []
    # Another seed adds to them, and the config's own seed is a run beside them.
    assert len(run(toys, monkeypatch, '--seeds', '1', '3').commands) == 6
    assert len(run(toys, monkeypatch).commands) == 6
    error = error_of(capsys, toys, 'toys.yml', '--seeds', '1', '--cfg-options', 'randomness.seed=5')
    assert 'randomness.seed: the table' in error
    assert '--seeds' in error
