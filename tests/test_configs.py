# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config loads, is short, and says what row it is."""

import re
from pathlib import Path

import pytest
from mmengine.config import Config

from tables.table import PAPER_TABLES, load_table
from sr4ir_mm.engine.runner import Phase
from tests.utils.tiny import ROOT

LEAVES = sorted(
    path.relative_to(ROOT)
    for folder in ('configs', 'demo/configs')
    for path in (ROOT / folder).rglob('*.py')
    if '_base_' not in path.parts
)

TABLES = {'seg': 1, 'det': 2, 'cls': 3}


@pytest.mark.parametrize('path', LEAVES, ids=str)
def test_leaf(path: Path) -> None:
    text = (ROOT / path).read_text()
    assert len(text.splitlines()) <= 30
    assert path.stem.isidentifier()
    cfg = Config.fromfile(ROOT / path)
    assert cfg.default_scope == 'sr4ir_mm'
    updated = {net for phase in cfg.phases for net in Phase.from_cfg(phase).update}
    for net in updated:
        assert cfg.model.get(net) is not None or net in cfg.model.others
        assert {'optimizer'} <= cfg.optim_wrapper[net].keys()
        assert cfg.param_scheduler[net]
    if path.parts[0] == 'configs':
        table = TABLES[path.stem.split('_')[0]]
        if path.parts[1] in ('ablations', 'related'):
            table = '[456]' if path.parts[1] == 'ablations' else 7
        assert re.match(rf'"""Table {table}, row ', text)
        assert f'{path}' in text  # the command
        if 'sr' in cfg.model and 'bilinear' not in str(cfg.model.sr).lower():
            factor = cfg.model.sr.get('upscale') or cfg.model.sr.upscale_factor
            assert factor == cfg.model.scale == int(path.stem[-1])
    mixed = [p for p in cfg.phases if 'cqmix' in p.losses.get('task', {})]
    if mixed:  # the weights of the reference
        assert dict(mixed[0].losses.task) == dict(sr=0.34, hr=0.34, cqmix=0.34)
    if 'task_on' in str(path):  # other images, the same sum
        assert sum(cfg.phases[1].losses.task.values()) == pytest.approx(1.02)


@pytest.mark.parametrize('name', PAPER_TABLES)
def test_headers_give_the_figures_of_the_paper(name: str) -> None:
    table = load_table(name, ROOT)
    for row in table.rows:
        for cell in row.cells:
            if name > '3' and row.setting == 'sr4ir':  # its header is of the first tables
                continue
            text = Path(cell.config).read_text()
            given = re.search(r'Paper: .* = (.*)\. Here:', text)[1].split(' / ')
            assert [float(figure) for figure in given] == pytest.approx(cell.paper)
            assert f'Table {name}, row {row.method}' in text


def test_each_cell_has_a_config_and_each_config_a_cell() -> None:
    cells = {
        Path(cell.config).resolve()
        for name in PAPER_TABLES
        for row in load_table(name, ROOT).rows
        for cell in row.cells
    }
    first_steps = set((ROOT / 'configs' / 's').glob('*.py'))
    assert cells | first_steps == {ROOT / path for path in LEAVES if path.parts[0] == 'configs'}
    assert len(cells) == 76 + 18
    assert len(first_steps) == 16


def test_what_a_setting_starts_from_is_a_config_of_ours() -> None:
    needed = set()
    for path in LEAVES:
        init = Config.fromfile(ROOT / path).model.get('init') or {}
        needed |= {v for v in init.values() if v.startswith('work_dirs/')}
    assert needed >= {'work_dirs/h2t/det', 'work_dirs/s/det_swinir_x8'}
    for run in needed:
        name = run.removeprefix('work_dirs/')
        folder = 'demo/configs' if name.startswith('demo/') else 'configs'
        assert (ROOT / folder / f'{name.removeprefix("demo/")}.py').is_file()
