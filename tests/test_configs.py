# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config loads, is short, and says what row it is."""

import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import PARAM_SCHEDULERS
from tiny import ROOT

from sr4ir_mm.apis.tables import load_table
from sr4ir_mm.engine.runner import Phase

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
        assert cfg.model[net] is not None
        assert {'optimizer'} <= cfg.optim_wrapper[net].keys()
        assert cfg.param_scheduler[net]
    if path.parts[0] == 'configs':
        assert text.startswith(f'"""Table {TABLES[path.stem.split("_")[0]]}, row ')
        assert f'{path}' in text  # the command
        if 'sr' in cfg.model and 'bilinear' not in str(cfg.model.sr).lower():
            factor = cfg.model.sr.get('upscale') or cfg.model.sr.upscale_factor
            assert factor == cfg.model.scale == int(path.stem[-1])
    mixed = [p for p in cfg.phases if 'cqmix' in p.losses.get('task', {})]
    if mixed:  # the weights of the reference
        assert dict(mixed[0].losses.task) == dict(sr=0.34, hr=0.34, cqmix=0.34)


@pytest.mark.parametrize('name', ['1', '2', '3'])
def test_headers_give_the_figures_of_the_paper(name: str) -> None:
    table = load_table(name, ROOT)
    for row in table.rows:
        for cell in row.cells:
            text = Path(cell.config).read_text()
            given = re.search(r'Paper: .* = (.*)\. Here:', text)[1].split(' / ')
            assert [float(figure) for figure in given] == pytest.approx(cell.paper)
            assert f'Table {name}, row {row.method}' in text


def test_each_cell_has_a_config_and_each_config_a_cell() -> None:
    cells = {
        Path(cell.config).resolve()
        for name in ('1', '2', '3')
        for row in load_table(name, ROOT).rows
        for cell in row.cells
    }
    first_steps = set((ROOT / 'configs' / 's').glob('*.py'))
    assert cells | first_steps == {ROOT / path for path in LEAVES if path.parts[0] == 'configs'}
    assert len(cells) == 76
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


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        # A linear epoch of 357 iterations, then a cosine of which 29/30 is traversed.
        ('s2t/det_edsr_x4', {0: 5.6e-5, 1: 1.12e-4, 357: 2e-2, 10709: 1.548e-4}),
        # The cosine restarts after epoch 3 and ends at eta_min.
        ('sr4ir/det_edsr_x4', {0: 5.6e-5, 357: 2e-2, 1070: 1e-4, 1072: 2e-2, 10709: 1e-4}),
    ],
)
def test_learning_rates_of_the_task_net(name: str, expected: dict[int, float]) -> None:
    cfg = Config.fromfile(ROOT / 'configs' / f'{name}.py')
    param = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([param], lr=cfg.optim_wrapper.task.optimizer.lr)
    schedulers = []
    for scheduler in cfg.param_scheduler.task:
        kwargs = dict(scheduler)
        assert kwargs.pop('convert_to_iter_based')
        kind = PARAM_SCHEDULERS.get(kwargs.pop('type'))
        schedulers.append(kind.build_iter_from_epoch(optimizer, epoch_length=357, **kwargs))
    rates = []
    for _ in range(30 * 357):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        for scheduler in schedulers:
            scheduler.step()
    for iteration, rate in expected.items():
        assert rates[iteration] == pytest.approx(rate, rel=2e-3)
