# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config is one that a run takes, short, and trains what its setting says."""

import ast
from functools import cache
from pathlib import Path

import pytest
from mmengine.config import Config
from tables.table import PAPER_TABLES, SMALL, load_table

from sr4ir_mm.apis.check_config import check_config
from sr4ir_mm.apis.find_config import find_config
from sr4ir_mm.engine.runner import Phase
from tests.utils.tiny import ROOT

LEAVES = sorted(
    path.relative_to(ROOT)
    for folder in ('configs', 'demo/configs')
    for path in (ROOT / folder).rglob('*.py')
    if '_base_' not in path.parts
)


@cache
def load(path: Path) -> Config:
    """Load a config once for all tests."""
    return find_config(ROOT / path)


@pytest.mark.quick
@pytest.mark.parametrize('path', LEAVES, ids=str)
def test_leaf(path: Path) -> None:
    cfg = load(path)
    check_config(cfg)
    assert cfg.default_scope == 'sr4ir_mm'
    updated = {net for phase in cfg.phases for net in Phase.from_cfg(phase).update}
    for net in updated:
        assert cfg.model.get(net) is not None or net in cfg.model.extra_nets
        assert {'optimizer'} <= cfg.optim_wrapper[net].keys()
        assert cfg.param_scheduler[net]
    if path.parts[0] == 'configs' and 'sr' in cfg.model:
        sr = cfg.model.sr.get('net', cfg.model.sr)
        factor = sr.get('upscale') or sr.get('upscale_factor') or sr.scale
        assert factor == cfg.model.scale == int(path.stem[-1])
    # The numbers of GPUs in the headers are exact.
    assert cfg.auto_scale_lr.base_batch_size % cfg.train_dataloader.batch_size == 0
    if cfg.model.get('task') is None:  # nothing but images to evaluate
        assert {metric.type for metric in cfg.test_evaluator} <= {'PSNR', 'SSIM', 'LPIPS'}
    mixed = [p for p in cfg.phases if 'cqmix' in p.losses.get('task', {})]
    if mixed:  # the weights of the authors' code
        assert dict(mixed[0].losses.task) == dict(sr=0.34, hr=0.34, cqmix=0.34)
    if 'task_on' in str(path):  # other images, the same sum
        assert sum(cfg.phases[1].losses.task.values()) == pytest.approx(1.02)


@pytest.mark.parametrize('path', LEAVES, ids=str)
def test_leaf_is_a_pair_a_setting_a_schedule_and_little_else(path: Path) -> None:
    source = (ROOT / path).read_text()
    bases = next(
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], 'id', '') == '_base_'
    )
    pair, setting, schedule = (Path(base) for base in bases)
    assert len(source.splitlines()) <= 24
    if path.parts[0] == 'configs':
        kinds = [base.parent.name for base in (pair, setting, schedule)]
        assert kinds == ['pairs', 'settings', 'schedules']
        # l2t has no SR net in its name.
        assert pair.stem.replace('_bilinear', '') == path.stem
        assert ('_bilinear' in pair.stem) == (setting.stem == 'l2t')
        assert setting.stem == path.parent.name
        assert schedule.stem.split('_')[0] == path.stem.split('_')[0]


def test_each_cell_has_a_config_and_each_config_a_cell() -> None:
    cells = {
        Path(cell.config).resolve()
        for name in (*PAPER_TABLES, SMALL)
        for row in load_table(name, ROOT).rows
        for cell in row.cells
    }
    first_steps = {*(ROOT / 'configs/s').glob('*.py'), *(ROOT / 'configs/small/s').glob('*.py')}
    assert cells | first_steps == {ROOT / path for path in LEAVES if path.parts[0] == 'configs'}
    assert len(cells) == 76 + 18 + 33
    assert len(first_steps) == 16 + 5


def test_what_a_setting_starts_from_is_a_config_of_ours() -> None:
    needed = set()
    for path in LEAVES:
        init = load(path).model.get('init') or {}
        needed |= {v for v in init.values() if v.startswith('work_dirs/')}
    assert needed >= {'work_dirs/h2t/det', 'work_dirs/s/det_swinir_x8'}
    for run in needed:
        name = run.removeprefix('work_dirs/')
        folder = 'demo/configs' if name.startswith('demo/') else 'configs'
        assert (ROOT / folder / f'{name.removeprefix("demo/")}.py').is_file()
