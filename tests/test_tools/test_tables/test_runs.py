# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The runs that a table stands for, and their order."""

from pathlib import Path

import pytest
from tables.runs import TableRuns
from tables.table import load_table

from sr4ir_mm.errors import ConfigError
from tests.utils.tiny import ROOT

COLUMNS = 'columns: [{name: mIoU, key: mIoU, best: high, decimals: 1}]\n'


@pytest.mark.parametrize('name', ['1', '2', '3'])
def test_every_cell_of_the_paper_has_a_config_and_starts_from_configs(name: str) -> None:
    table = load_table(name, ROOT)
    cells = table.cells
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


def test_runs_that_start_from_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, other in ('ab', 'ba'):
        Path(f'{name}.py').write_text(
            f'model = dict(init=dict(sr="work_dirs/{other}"))\ntrain_cfg = dict(max_epochs=1)\n'
        )
    Path('t.yml').write_text(COLUMNS + 'rows: [{setting: a, config: a.py}]')
    cells = load_table('t.yml', tmp_path).cells
    with pytest.raises(ConfigError, match='start from each other: work_dirs/a, work_dirs/b'):
        TableRuns(cells, tmp_path, 'work_dirs').order(cells)


def test_two_configs_in_one_work_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('t.yml').write_text(
        COLUMNS + 'rows: [{setting: a, config: a.py},'
        '{setting: b, config: b.py, work_dir: work_dirs/a}]'
    )
    cells = load_table('t.yml', tmp_path).cells
    with pytest.raises(ConfigError, match='would both run in work_dirs/a'):
        TableRuns(cells, tmp_path, 'work_dirs')
