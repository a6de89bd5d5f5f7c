# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Curves of runs."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from sr4ir_mm.errors import DataError
from tests.utils.tools import tool

PHASES = """
phases = [
    dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0), frozen=dict(sr=1.0))),
    dict(update='task', losses=dict(task=dict(sr=0.5, hr=0.5))),
]
"""


def train(step: int, epoch: int = 1, **values: float) -> dict:
    return {'sr.lr': 0.1, 'loss_pixel': step / 10, **values, 'iter': step, 'step': step,
            'epoch': epoch}  # fmt: skip


def validate(step: int, psnr: float) -> dict:
    return {'PSNR': psnr, 'coco/bbox_mAP_l': -1.0, 'time': 1.0, 'step': step}


def log(work_dir: Path, records: Iterable[dict], date: str, config: str = '') -> None:
    folder = work_dir / date / 'vis_data'
    folder.mkdir(parents=True)
    (folder / 'scalars.json').write_text(''.join(f'{json.dumps(r)}\n' for r in records))
    (folder / 'config.py').write_text(config)


def test_a_later_folder_replaces_what_it_redid(tmp_path: Path) -> None:
    first = [train(5), validate(1, 20), train(15, 2), validate(2, 21), train(25, 3)]
    log(tmp_path, first, '20260101_000000')
    again = [train(15, 2, loss_pixel=7), validate(2, 22)]
    log(tmp_path, [*again, train(25, 3, loss_tdp=3)], '20260102_000000')
    log(tmp_path, [validate(3, float('inf'))], '20260103_000000')  # made up for
    with (tmp_path / '20260102_000000/vis_data/scalars.json').open('a') as file:
        file.write('{"loss_pixel": 0.')  # killed
    module = tool('analysis_tools/analyze_logs')
    run = module.Run(str(tmp_path))
    assert run.curves['loss_pixel'] == {5: 0.5, 15: 7, 25: 2.5}
    assert run.curves['loss_tdp'] == {25: 3}
    assert run.curves['PSNR'] == {1: 20, 2: 22, 3: float('inf')}
    assert 'time' not in run.curves
    assert [run.unit(key) for key in ('PSNR', 'loss_tdp')] == ['epoch', 'iteration']

    # The redone part ends before what it replaces does.
    log(tmp_path, [train(5)], '20260104_000000')
    run = module.Run(str(tmp_path))
    assert run.curves.keys() == {'sr.lr', 'loss_pixel'}
    assert run.curves['loss_pixel'] == {5: 0.5}


def test_a_run_by_iterations(tmp_path: Path) -> None:
    log(tmp_path, [train(50), train(100), validate(100, 20)], '20260101_000000')
    run = tool('analysis_tools/analyze_logs').Run(str(tmp_path))
    assert run.unit('PSNR') == 'iteration'


@pytest.mark.parametrize(
    ('paths', 'names'),
    [
        (['runs/a', 'runs/b'], ['a', 'b']),
        (['x/l2t/seed_0', 'x/s2t/seed_0'], ['l2t', 's2t']),
        (['x/s2t/seed_0', 'x/s2t/seed_1'], ['seed_0', 'seed_1']),
        (['x/y', 'x/y/z'], ['y', 'y/z']),
        (['x/y'], ['y']),
    ],
)
def test_names_are_what_differs(paths: list[str], names: list[str]) -> None:
    assert tool('analysis_tools/analyze_logs').short_names(paths) == names


def test_panels_are_phases(tmp_path: Path) -> None:
    task = {'sr.loss_cls': 1.0, 'hr.loss_cls': 1.0, 'hr.acc': 50.0, 'loss_task': 2.0}
    own = {'loss_sr': 1.0, 'sr.frozen.loss_cls': 1.0, 'loss': 3.0, 'task.lr': 0.2}
    log(tmp_path, [train(5, **task, **own), validate(1, 20)], '20260101_000000', PHASES)
    module = tool('analysis_tools/analyze_logs')
    run = module.Run(str(tmp_path))
    assert module.choose([run], None) == {
        'learning rates': ['sr.lr', 'task.lr'],
        'phase that updates sr': ['loss_pixel', 'loss_sr', 'sr.frozen.loss_cls'],
        'phase that updates task': ['sr.loss_cls', 'hr.loss_cls', 'loss_task'],
        'acc': ['hr.acc'],
        'loss': ['loss'],
        'PSNR': ['PSNR'],
    }
    assert module.choose([run], ['coco/bbox_mAP_l']) == {'coco': ['coco/bbox_mAP_l']}


def test_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, psnr in (('a', 20.0), ('b', 21.0)):
        records = [train(5), train(15, 2, loss_tdp=psnr), validate(2, psnr)]
        log(Path('runs', name), records, '20260101_000000', PHASES)
    module = tool('analysis_tools/analyze_logs')
    module.main(['runs/a', '--out', 'a.png'])
    printed = [' '.join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert 'loss_pixel 1.5 @ 15 0.5 @ 5 1.5 @ 15' in printed
    assert 'PSNR 20 @ 2 20 @ 2 20 @ 2' in printed
    module.main(['runs/a', 'runs/b', '--keys', 'loss_tdp', 'PSNR', '--out', 'both.pdf'])
    runs = [module.Run(f'runs/{name}') for name in 'ab']
    axes = module.draw(runs, module.choose(runs, ['PSNR', 'loss_tdp'])).axes
    assert [one.get_xlabel() for one in axes] == ['epoch', 'iteration']
    assert [one.get_title() for one in axes] == ['PSNR', 'loss_tdp']
    lines = {line.get_label(): line for line in axes[1].lines}
    assert {name: line.get_ydata() for name, line in lines.items()} == {'a': [20.0], 'b': [21.0]}
    (losses,) = module.draw(runs, module.choose(runs, ['loss_pixel', 'loss_tdp'])).axes
    lines = {line.get_label(): line for line in losses.lines}
    assert lines['b: loss_tdp'].get_color() == lines['b: loss_pixel'].get_color()
    assert lines['b: loss_tdp'].get_color() != lines['a: loss_tdp'].get_color()
    assert lines['b: loss_tdp'].get_linestyle() == lines['a: loss_tdp'].get_linestyle()
    assert Path('a.png').read_bytes().startswith(b'\x89PNG')
    assert Path('both.pdf').read_bytes().startswith(b'%PDF')
    capsys.readouterr()

    for words, message in (
        (
            ['runs/a', '--keys', 'loss_tpd'],
            "'loss_tpd'. There are: PSNR, coco/bbox_mAP_l, loss_pixel, loss_tdp, sr.lr.",
        ),
        (['runs'], 'runs has no log: a run writes <date>/vis_data/scalars.json'),
        (['runs/a', '--out', 'a.xyz'], 'a.xyz is no figure'),
    ):
        with pytest.raises(SystemExit) as end:
            module.main(words)
        assert end.value.code == 1
        assert message in capsys.readouterr().err
    Path('runs/a/20260101_000000/vis_data/scalars.json').write_text('{}\nx\n{}\n')
    with pytest.raises(DataError, match='line 2, is no JSON'):
        module.Run('runs/a')
