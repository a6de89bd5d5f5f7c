# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Table files."""

import time
from pathlib import Path

import pytest
from tables.table import Table, load_table

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.layout import default_work_dir
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
    cells = table.cells
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
        (COLUMNS + 'rows: [{setting: a, config: b, paper: [[1, 2]]}]', 'paper needs a list of 1'),
        (COLUMNS + 'rows: [{setting: a, config: b, paper: [[x]]}]', 'paper needs a list of 1'),
        ('[' * 5000, 'is not YAML'),
        ('columns: 2000-13-13', 'is not YAML'),
    ],
)
def test_bad_tables_are_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        load(tmp_path, text)
    assert str(tmp_path / 't.yml') in str(error.value)


def test_an_alias_bomb_ends_at_once(tmp_path: Path) -> None:
    """Nine lines that would be a billion values."""
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for level in range(1, 9):
        lines.append(f'a{level}: &a{level} [{", ".join([f"*a{level - 1}"] * 10)}]')
    started = time.monotonic()
    with pytest.raises(ConfigError, match=r'with all aliases .* 100000 values\n.*line') as error:
        load(tmp_path, '\n'.join([*lines, COLUMNS, 'rows: *a8']))
    assert time.monotonic() - started < 1
    assert len(str(error.value)) < 300


def test_seeds(tmp_path: Path) -> None:
    rows = 'rows: [{setting: s2t, config: a.py, work_dir: work_dirs/a}]\n'
    table = load(tmp_path, f'{COLUMNS}seeds: [3, 0]\n{rows}')
    assert [cell.seed for cell in table.cells] == [3, 0]
    assert [cell.work_dir for cell in table.cells] == ['work_dirs/a/seed_3', 'work_dirs/a/seed_0']
    single = load(tmp_path, COLUMNS + rows)
    assert [(cell.seed, cell.work_dir) for cell in single.cells] == [(None, 'work_dirs/a')]
    path = str(tmp_path / 't.yml')
    assert load_table(path, tmp_path, [5]).seeds == (5,)
    for seed in (-1, 2**32):
        with pytest.raises(ConfigError, match=rf'--seeds 5 {seed}: seeds are .* to 4294967295'):
            load_table(path, tmp_path, [5, seed])


@pytest.mark.parametrize(
    'seeds', ['3', '0', 'null', '[1, 1]', '[-1]', '[a]', '{a: 1}', '[1.5]', '[true]']
)
def test_seeds_of_another_form(tmp_path: Path, seeds: str) -> None:
    with pytest.raises(ConfigError, match=r't\.yml: seeds is'):
        load(tmp_path, f'{COLUMNS}seeds: {seeds}\nrows: [{{setting: s2t, config: a.py}}]\n')


def test_figures_in_units_of_their_task(tmp_path: Path) -> None:
    columns = (
        'columns: [{name: Score, key: {cls: top1, det: mAP}, best: high, decimals: 1, '
        'factor: {det: 100}}]\n'
    )
    table = load(tmp_path, f'{columns}rows: [{{setting: s2t, config: a.py}}]\n')
    assert [table.columns[0].figure(0.5, task) for task in ('cls', 'det')] == [0.5, 50]


def test_the_small_benchmark() -> None:
    table = load_table('small', ROOT)
    assert table.seeds == (0, 1, 2)
    assert all(Path(cell.config).is_file() for cell in table.cells)
