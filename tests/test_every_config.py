# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config of the tables is built and takes a step, on tiny data and narrow SR nets."""

from pathlib import Path

import pytest
import torch
from mmengine.runner import Runner

from sr4ir_mm.engine.runner import Phase
from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tiny_data import make_data

LEAVES = sorted(
    path.relative_to(ROOT / 'configs')
    for path in (ROOT / 'configs').rglob('*.py')
    if '_base_' not in path.parts
)
ONE_STEP = dict(train_cfg__max_epochs=1, default_hooks__checkpoint=None)


@pytest.fixture(scope='module')
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One batch of each data set; it lacks most of the classes' annotations, not their names."""
    return make_data(tmp_path_factory.mktemp('user') / 'data')


@pytest.mark.parametrize('path', LEAVES, ids=lambda path: str(path.with_suffix('')))
def test_steps(path: Path, data: Path, tmp_path: Path) -> None:
    name = str(path.with_suffix(''))
    cfg = tiny_config(data, tmp_path / 'run', name, task='own', val=False, **ONE_STEP)
    runner = Runner.from_cfg(cfg)
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
    if path.parent.name == 'sr4ir':
        assert scalars['train/loss_tdp'].current() > 0
        assert sum(key.startswith('train/cqmix.') for key in scalars) > 0


def _copy(net: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {key: value.clone() for key, value in net.state_dict().items()}
