# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config of the paper's tables is built and takes a step, on tiny data and narrow SR nets."""

import logging
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from sr4ir_mm.engine.runner import Phase
from tests.utils.shrink import shrink
from tests.utils.tiny import ROOT
from tests.utils.tiny_data import make_data

LEAVES = sorted(
    path.relative_to(ROOT / 'configs')
    for path in (ROOT / 'configs').rglob('*.py')
    if '_base_' not in path.parts
)


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where there is a folder ``data`` as the configs expect it."""
    root = tmp_path_factory.mktemp('user')
    make_data(root / 'data')
    return root


@pytest.mark.parametrize('path', LEAVES, ids=lambda path: str(path.with_suffix('')))
def test_steps(path: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    cfg = shrink(Config.fromfile(ROOT / 'configs' / path), tmp_path / path.stem)
    # A tiny data set lacks most of the classes' annotations, not their names.
    runner = Runner.from_cfg(cfg)
    runner.logger.setLevel(logging.ERROR)
    nets = runner.model.net_names
    runner.model.init_weights()
    before = {name: _copy(getattr(runner.model, name)) for name in nets}
    runner.model._is_init = True
    runner.train()
    assert runner.iter == 1
    phases = [Phase.from_cfg(phase) for phase in cfg.phases]
    updated = {name for phase in phases for name in phase.update}
    for name in nets:
        after = getattr(runner.model, name).state_dict()
        moved = any(not torch.equal(value, after[key]) for key, value in before[name].items())
        assert moved == (name in updated)
    scalars = runner.message_hub.log_scalars
    expected = {f'train/loss_{"+".join(phase.update)}' for phase in phases}
    assert expected <= scalars.keys()
    if path.parts[0] == 'sr4ir':
        assert scalars['train/loss_tdp'].current() > 0
        assert sum(key.startswith('train/cqmix.') for key in scalars) > 0


def _copy(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {key: value.clone() for key, value in net.state_dict().items()}
