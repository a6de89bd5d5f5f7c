# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Table files, and the runs that they stand for."""

import os
from pathlib import Path

import pytest

from sr4ir_mm.apis.launch import default_work_dir
from sr4ir_mm.apis.table_runs import TableRuns
from sr4ir_mm.apis.tables import Table, load_table
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import mirror, place
from tests.utils.tiny import ROOT

COLUMNS = 'columns: [{name: mIoU, key: mIoU, best: high, decimals: 1}]\n'


def load(tmp_path: Path, text: str) -> Table:
    (tmp_path / 't.yml').write_text(text)
    return load_table(str(tmp_path / 't.yml'), tmp_path)


@pytest.mark.parametrize(
    ('name', 'blocks', 'first', 'last', 'figures'),
    [
        ('1', 2, 'seg_edsr_x4', 'seg_swinir_x8', (56.5, 0.355, 24.23)),
        ('2', 2, 'det_edsr_x4', 'det_swinir_x8', (27.8, 0.382, 21.07)),
        ('3', 4, 'cls_cars_edsr_x4', 'cls_cub_swinir_x8', (65.3, 0.301)),
    ],
)
def test_tables_of_the_paper(name: str, blocks: int, first: str, last: str, figures: tuple) -> None:
    table = load_table(name, ROOT)
    settings = ['h2t', 'l2t', *['s2t', 't2s', 'joint', 'sr4ir'] * 2]
    assert [row.setting for row in table.rows] == settings
    assert all(len(row.cells) == blocks for row in table.rows)
    cells = [cell for row in table.rows for cell in row.cells]
    assert table.rows[2].cells[0].work_dir == f'work_dirs/s2t/{first}'
    assert cells[-1].work_dir == f'work_dirs/sr4ir/{last}'
    assert cells[-1].paper == figures
    # The oracle has neither a scale nor a net, the bilinear row has a scale.
    task = first.partition('_edsr')[0]
    assert (
        table.rows[0].cells[0].work_dir
        == table.rows[0].cells[1].work_dir
        == f'work_dirs/h2t/{task}'
    )
    assert table.rows[1].cells[1].work_dir == f'work_dirs/l2t/{task}_x8'
    for cell in cells:
        assert len(cell.paper) == len(table.columns)
        assert cell.work_dir == default_work_dir(cell.config)


@pytest.mark.parametrize('name', ['1', '2', '3'])
def test_every_cell_of_the_paper_has_a_config_and_starts_from_configs(name: str) -> None:
    table = load_table(name, ROOT)
    cells = [cell for row in table.rows for cell in row.cells]
    runs = TableRuns(cells, ROOT, 'nowhere').order(cells)
    tasks = {block.task for block in table.blocks}
    # s of each net and scale is added to what the table shows.
    assert len(runs) == len({cell.work_dir for cell in cells}) + 4 * len(tasks)
    done: set[str] = set()
    expected = dict(h2t=[], l2t=[], s=[], s2t=['s'], t2s=['h2t'], joint=[], sr4ir=[])
    for key, run in runs.items():
        assert done >= set(run.needs)
        done.add(key)
        assert [Path(need).parts[1] for need in run.needs] == expected[Path(key).parts[1]]
        # Of the same task, net and scale.
        if run.needs and 's2t' in key:
            assert Path(run.needs[0]).name == Path(key).name


def test_own_configs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = load(
        tmp_path,
        COLUMNS + 'rows:\n'
        '- {setting: s2t, config: my/configs/s2t/camvid.py, group: EDSR, method: S then T}\n'
        '- {setting: h2t, config: other/a.py, work_dir: work_dirs/own/a}\n',
    )
    assert table.title == 't'
    assert [row.cells[0].work_dir for row in table.rows] == [
        'work_dirs/s2t/camvid', 'work_dirs/own/a',
    ]  # fmt: skip
    assert [(row.method, row.group, row.cells[0].paper) for row in table.rows] == [
        ('S then T', 'EDSR', None), ('h2t', None, None),
    ]  # fmt: skip


def test_mirror_and_place(tmp_path: Path) -> None:
    assert mirror('/a/configs/b/configs/s/x.py') == ('/a/configs/b/configs', 's/x')
    assert mirror('/a/b/x.py') == ('/a/b', 'x')
    assert place('work_dirs/s/x', '/runs') == '/runs/s/x'
    assert place('./work_dirs/s/x/', 'r') == os.path.join('r', 's', 'x')
    assert place('weights/x.pth', '/root') == 'weights/x.pth'
    assert place('/work_dirs/s/x', '/root') == '/work_dirs/s/x'


def test_runs_that_start_from_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, other in ('ab', 'ba'):
        Path(f'{name}.py').write_text(
            f'model = dict(init=dict(sr="work_dirs/{other}"))\ntrain_cfg = dict(max_epochs=1)\n'
        )
    table = load(tmp_path, COLUMNS + 'rows: [{setting: a, config: a.py}]')
    with pytest.raises(ConfigError, match='start from each other: work_dirs/a, work_dirs/b'):
        TableRuns(table.rows[0].cells, tmp_path, 'work_dirs').order(table.rows[0].cells)
    table = load(tmp_path, COLUMNS + 'rows: [{setting: a, config: a.py}, {setting: b, config: b.py,'
                 'work_dir: work_dirs/a}]')  # fmt: skip
    with pytest.raises(ConfigError, match='would both run in work_dirs/a'):
        TableRuns([cell for row in table.rows for cell in row.cells], tmp_path, 'work_dirs')


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('{', 'is not YAML'),
        ('- 1', 'has no list columns'),
        (COLUMNS, 'has no list rows'),
        ('columns: [{name: a, keys: b}]\nrows: [1]', 'columns.0 is .* no Column'),
        (COLUMNS.replace('high', 'up') + 'rows: [1]', "best is 'up', not high or low"),
        (COLUMNS + 'rows: [{method: a}]', 'rows.0: a row needs setting'),
        (COLUMNS + 'rows: [{setting: a, confg: b}]', 'rows.0: a row needs setting'),
        (COLUMNS + 'rows: [{setting: a}]', 'needs a task'),
        (COLUMNS + 'rows: [{setting: a, config: [b, c]}]', 'config needs a value for each of 1'),
        (COLUMNS + 'rows: [{setting: a, config: b, paper: [[1, 2]]}]', 'paper needs 1 figures'),
    ],
)
def test_bad_tables_are_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        load(tmp_path, text)
    assert str(tmp_path / 't.yml') in str(error.value)
