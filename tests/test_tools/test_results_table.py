# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""results_table.py: figures, marks and states."""

import ast
import csv
import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.utils.tiny import ROOT
from tests.utils.tools import TOOLS, exit_code, tool

# Of the EDSR rows of Table 2, x4: mAP as recorded, LPIPS, PSNR.
FIGURES = {
    'h2t/det': (0.9, 0.0, 'inf'),
    's2t/det_edsr_x4': (0.3, 0.35, 25.004),
    't2s/det_edsr_x4': (0.2, 0.30, 25.001),
    'joint/det_edsr_x4': (0.3001, 0.40, 25.004),
    'sr4ir/det_edsr_x4': (0.1, 0.25, 23.0),
}


def record(
    root: Path, name: str, figures: tuple, done: int = 30, seed: int = 100, **more: Any
) -> None:
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    metrics = dict(zip(('coco/bbox_mAP', 'LPIPS', 'PSNR'), figures, strict=False))
    content = dict(
        config=f'configs/{name}.py',
        seed=seed,
        commit='abc',
        dirty=False,
        unit='epochs',
        done=done,
        planned=30,
        checkpoint='c.pth',
        seconds=90.0,
        device='CPU',
        date='2030',
        metrics=metrics,
        **more,
    )
    (folder / 'result.json').write_text(json.dumps(content))


@pytest.fixture
def work_dirs(tmp_path: Path) -> Path:
    for name, figures in FIGURES.items():
        record(tmp_path, name, figures)
    return tmp_path


def collect(work_dirs: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The cells of Table 2, by place."""
    content = tool('results_table').main([str(work_dirs), '--table', '2'])
    assert len(content) == 1
    return {
        (
            Path(cell['work_dir']).parent.name + '/' + Path(cell['work_dir']).name,
            cell['block'],
        ): cell
        for row in content[0]['rows']
        for cell in row['cells']
    }


def test_figures_and_marks(work_dirs: Path) -> None:
    cells = collect(work_dirs)
    marks = {name: cells[name, 'x4']['marks'] for name in FIGURES}
    # High mAP and PSNR, low LPIPS; unrounded, equal ones share a mark, the oracle takes no part.
    assert marks['h2t/det'] == dict(mAP=None, LPIPS=None, PSNR=None)
    assert marks['s2t/det_edsr_x4'] == dict(mAP=2, LPIPS=None, PSNR=1)
    assert marks['t2s/det_edsr_x4'] == dict(mAP=None, LPIPS=2, PSNR=2)
    assert marks['joint/det_edsr_x4'] == dict(mAP=1, LPIPS=None, PSNR=1)
    assert marks['sr4ir/det_edsr_x4'] == dict(mAP=None, LPIPS=1, PSNR=None)
    assert cells['s2t/det_edsr_x4', 'x4']['ours'] == dict(mAP=30.0, LPIPS=0.35, PSNR=25.004)
    assert cells['s2t/det_edsr_x4', 'x4']['paper'] == dict(mAP=30.3, LPIPS=0.336, PSNR=24.62)
    assert cells['h2t/det', 'x8']['ours'] == dict(mAP=90.0, LPIPS=0.0, PSNR=math.inf)
    assert cells['s2t/det_edsr_x8', 'x8']['status'] == 'not run'


def test_what_is_written(work_dirs: Path, capsys: pytest.CaptureFixture) -> None:
    collect(work_dirs)
    assert '30.0 (30.3)' in capsys.readouterr().out
    lines = (work_dirs / 'results.md').read_text().splitlines()
    row = next(line for line in lines if line.startswith('| S -> T | EDSR-baseline'))
    assert row.split(' | ')[2:6] == [
        '<u>30.0</u> (30.3)', '0.350 (0.336)', '**25.00** (24.62)', 'not run (21.9)',
    ]  # fmt: skip
    assert '| I_HR -> T | oracle | 90.0 (36.7) | 0.000 (0.000) | inf (inf) |' in '\n'.join(lines)
    assert (
        '| configs/s2t/det_edsr_x4.py | 100 | abc | 30 of 30 epochs in 2 min (CPU) | 2030 |'
        in lines
    )
    with (work_dirs / 'results.csv').open() as file:
        table = list(csv.DictReader(file))
    assert len(table) == 10 * 2 * 3
    cell = next(line for line in table if line['method'] == 'SR4IR' and line['metric'] == 'LPIPS')
    assert (cell['ours'], cell['paper'], cell['mark']) == ('0.25', '0.275', '1')
    assert (cell['seed'], cell['commit'], cell['done']) == ('100', 'abc', '30')
    text = (work_dirs / 'results.json').read_text()
    strict = json.loads(text, parse_constant=lambda name: pytest.fail(f'{name} is not JSON'))
    cells = strict[0]['rows'][0]['cells']
    assert cells[0]['metrics'] == {'coco/bbox_mAP': 0.9, 'LPIPS': 0.0, 'PSNR': 'inf'}
    assert cells[0]['config'] == 'configs/h2t/det.py'


def test_unfinished_runs(tmp_path: Path) -> None:
    # Trained in part; trained, but not tested; tested before its end; a figure is missing.
    for name, epoch in (('s2t/det_edsr_x4', 7), ('t2s/det_edsr_x4', 30)):
        (tmp_path / name).mkdir(parents=True)
        torch.save({}, tmp_path / name / f'epoch_{epoch}.pth')
        (tmp_path / name / 'last_checkpoint').write_text(f'/moved/epoch_{epoch}.pth')
        (tmp_path / f'{name}/det_edsr_x4.py').write_text('train_cfg = dict(max_epochs=30)\n')
    record(tmp_path, 'joint/det_edsr_x4', FIGURES['joint/det_edsr_x4'], done=10)
    record(tmp_path, 'sr4ir/det_edsr_x4', (0.1,))
    cells = collect(tmp_path)
    assert cells['s2t/det_edsr_x4', 'x4']['status'] == '7/30 epochs'
    assert cells['t2s/det_edsr_x4', 'x4']['status'] == 'not tested'
    assert cells['joint/det_edsr_x4', 'x4']['status'] == '10/30 epochs'
    assert cells['joint/det_edsr_x4', 'x4']['ours'] == dict(mAP=None, LPIPS=None, PSNR=None)
    assert cells['sr4ir/det_edsr_x4', 'x4']['marks'] == dict(mAP=1, LPIPS=None, PSNR=None)
    text = (tmp_path / 'results.md').read_text()
    assert '| S + T | EDSR-baseline | 10/30 epochs (28.3) |' in text
    assert re.search(r'\| SR4IR \| EDSR-baseline \| \*\*10.0\*\* \(32.4\) \| - \(0.275\)', text)


def test_errors(work_dirs: Path, capsys: pytest.CaptureFixture) -> None:
    main = tool('results_table').main
    assert exit_code(main, ['nowhere']) == 1
    assert 'no folder nowhere' in capsys.readouterr().err
    (work_dirs / 'h2t/det/result.json').write_text('{"metrics": 3')
    assert exit_code(main, [str(work_dirs), '--table', '2']) == 1
    assert 'h2t/det/result.json cannot be read' in capsys.readouterr().err
    other = work_dirs / 'h2t'
    assert exit_code(main, [str(other), '--table', '2', '7']) == 1
    assert f'Below {other} is no run of a table 2, 7' in capsys.readouterr().err
    assert not any(folder.joinpath('results.md').exists() for folder in (work_dirs, other))


@pytest.mark.parametrize('name', ['run_table', 'results_table'])
def test_starting_is_quick(name: str) -> None:
    """Neither imports PyTorch before it needs it."""
    code = f"""
import runpy, sys
sys.path.insert(0, {str(TOOLS)!r})
runpy.run_path({str(TOOLS / f'{name}.py')!r})
assert 'rich' in sys.modules
assert 'torch' not in sys.modules
"""
    subprocess.run([sys.executable, '-W', 'ignore', '-c', code], check=True, cwd=ROOT)


def test_training_knows_nothing_of_tables() -> None:
    for path in [*(ROOT / 'sr4ir_mm').rglob('*.py'), TOOLS / 'train.py']:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or '']
            assert not [name for name in names if 'tables' in name.split('.')], path


def test_mean_and_standard_error_over_seeds(work_dirs: Path, capsys: pytest.CaptureFixture) -> None:
    for seed, figures in ((3, (0.31, 0.30, 24.0)), (7, (0.35, 0.32, 26.0)), (8, (0.9, 0.9, 9.9))):
        done = 30 if seed < 8 else 12
        record(work_dirs, f's2t/det_edsr_x4/seed_{seed}', figures, done, seed)
    record(work_dirs, 'h2t/det/seed_7', FIGURES['h2t/det'], seed=7)
    record(work_dirs, 'sr4ir/det_edsr_x4/seed_3', (0.32, 0.5, 25.0), seed=3)
    main = tool('results_table').main
    content = main([str(work_dirs), '--table', '2', '--seeds', '3', '7', '8'])
    cells = {row['setting']: row['cells'][0] for row in reversed(content[0]['rows'])}
    assert cells['s2t']['ours'] == dict(mAP=pytest.approx(33), LPIPS=pytest.approx(0.31), PSNR=25)
    assert cells['s2t']['errors'] == dict(
        mAP=pytest.approx(2), LPIPS=pytest.approx(0.01), PSNR=pytest.approx(1)
    )
    assert [run['status'] for run in cells['s2t']['runs']] == ['finished'] * 2 + ['12/30 epochs']
    assert cells['h2t']['errors'] == dict(mAP=None, LPIPS=None, PSNR=None)  # one alone
    assert cells['s2t']['marks']['mAP'] == 1  # what has no seed is another run
    assert cells['joint']['status'] == 'not run'
    text = (work_dirs / 'results.md').read_text()
    assert '**33.0 ± 2.0, 2 of 3 seeds** (30.3)' in text
    assert '**25.00 ± 1.00, 2 of 3 seeds** (24.62)' in text
    assert '<u>32.0, 1 of 3 seeds</u> (31.0)' in text or '32.0, 1 of 3 seeds' in text
    with (work_dirs / 'results.csv').open() as file:
        lines = [line for line in csv.DictReader(file) if line['config'].startswith('configs/s2t')]
    scores = [line for line in lines if (line['metric'], line['block']) == ('mAP', 'x4')]
    assert [float(line['ours'] or 'nan') for line in scores[:2]] == [31.0, 35.0]
    assert '30 of 30 epochs' in text
    main([str(work_dirs), '--table', '2', '--seeds', '3', '7'])
    assert '33.0 ± 2.0 (30.3)' in capsys.readouterr().out


def test_a_figure_that_some_seeds_lack(work_dirs: Path, capsys: pytest.CaptureFixture) -> None:
    record(work_dirs, 's2t/det_edsr_x4/seed_0', (0.3, 0.35, 25.0), seed=0)
    record(work_dirs, 's2t/det_edsr_x4/seed_1', (0.3,), seed=1)  # tested without the others
    main = tool('results_table').main
    main([str(work_dirs), '--table', '2', '--seeds', '0', '1'])
    text = (work_dirs / 'results.md').read_text()
    assert '**30.0 ± 0.0** (30.3)' in text
    assert '**0.350, 1 of 2 seeds**' in text
    record(work_dirs, 's2t/det_edsr_x4/seed_2', (0.3, 0.35, 25.0), seed=1)
    assert exit_code(main, [str(work_dirs), '--table', '2', '--seeds', '2']) == 1
    assert 'seed_2/result.json is of seed 1, not 2' in capsys.readouterr().err


def test_what_finished_runs_recorded_is_kept(work_dirs: Path, tmp_path: Path) -> None:
    record(work_dirs, 's2t/det_edsr_x8', FIGURES['s2t/det_edsr_x4'], done=7)
    main = tool('results_table').main
    folder = tmp_path / 'kept'
    whole = main([str(work_dirs), '--table', '2', '--keep', str(folder)])
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob('*.*'))
    assert files == sorted(f'{name}/result.json' for name in FIGURES)
    again = main([str(folder), '--table', '2'])
    figures = [[cell['ours'] for row in table[0]['rows'] for cell in row['cells']]
               for table in (whole, again)]  # fmt: skip
    assert figures[0] == figures[1]


def test_a_record_of_another_config_is_not_replaced(
    work_dirs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Such as that of a run that options cut short."""
    main = tool('results_table').main
    folder = tmp_path / 'kept'
    name, other = 's2t/det_edsr_x4', 't2s/det_edsr_x4'
    argv = [str(work_dirs), '--table', '2', '--keep', str(folder)]
    for path in (name, other):
        record(work_dirs, path, FIGURES[path], fingerprint=dict(training='a', testing='b'))
    main(argv)
    short = dict(fingerprint=dict(training='c', testing='b'), changed=['a = 1', 'b = 2'])
    record(work_dirs, name, (0.1, 0.4, 20.0), **short)
    record(work_dirs, other, (0.2, 0.3, 26.0), fingerprint=dict(training='a', testing='b'))
    before = {path: path.read_text() for path in folder.rglob('*.json')}
    capsys.readouterr()
    assert exit_code(main, argv) == 1
    said = capsys.readouterr().err
    assert f'{folder / name}/result.json (30 of 30 epochs) is of another config' in said
    assert '(30 of 30 epochs with a = 1, b = 2)' in said
    assert {path: path.read_text() for path in folder.rglob('*.json')} == before
    (folder / name / 'result.json').unlink()
    main(argv)  # another run of the same config takes its place
    kept = json.loads((folder / other / 'result.json').read_text())
    assert kept['metrics']['PSNR'] == 26.0
    assert 'with a = 1, b = 2 in 2 min' in (work_dirs / 'results.md').read_text()


def test_runs_of_seeds_are_told_where_none_were_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    for seed in (7, 3):
        record(tmp_path, f'h2t/det/seed_{seed}', (0.9,), seed=seed)
    assert exit_code(tool('results_table').main, [str(tmp_path), '--table', '2']) == 1
    assert 'there are those of seeds, --seeds 3 7 shows them' in capsys.readouterr().err
