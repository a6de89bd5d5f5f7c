# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every config of the paper's tables is built and takes a step, on tiny data and narrow SR nets."""

import logging
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from tiny import EDSR, ROOT
from tiny_data import make_data

from sr4ir_mm.engine.runner import Phase

LEAVES = sorted(
    path.relative_to(ROOT / 'configs')
    for path in (ROOT / 'configs').rglob('*.py')
    if '_base_' not in path.parts
)
SWINIR = dict(depths=[1], num_heads=[1], embed_dim=8)
SIZES = {480: 64, 520: 72, 224: 64, 256: 72}


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where there is a folder ``data`` as the configs expect it."""
    root = tmp_path_factory.mktemp('user')
    make_data(root / 'data')
    return root


def shrink(cfg: Config, work_dir: Path) -> Config:
    """Shrink what costs time and keep all else."""
    cfg.work_dir = str(work_dir)
    cfg.experiment_name = work_dir.name
    cfg.model.init = None
    if cfg.model.get('sr'):
        cfg.model.sr.update({'EDSRNet': EDSR, 'SwinIRNet': SWINIR}.get(cfg.model.sr.type[7:], {}))
    preprocessor = (cfg.model.get('task') or {}).get('data_preprocessor', {})
    if 'min_size' in preprocessor:  # the detector's own resize
        preprocessor.update(min_size=64, max_size=96)
    loader = cfg.train_dataloader
    loader.update(batch_size=2, num_workers=0)
    loader.pop('worker_init_fn')
    for transform in loader.dataset.pipeline:
        if 'size' in transform:
            transform.size = SIZES[transform.size]
        elif 'crop_size' in transform:
            transform.crop_size = (64, 64) if isinstance(transform.crop_size, tuple) else 64
    cfg.train_cfg.max_epochs = 1
    for key in ('val_dataloader', 'val_cfg', 'val_evaluator', 'test_dataloader', 'test_cfg'):
        cfg.pop(key)
    cfg.pop('test_evaluator')
    cfg.default_hooks.checkpoint = None
    for hook in cfg.get('custom_hooks', []):
        hook.begin = 0  # with the TDP loss from the start
    cfg.visualizer.vis_backends = []
    cfg.log_level = 'ERROR'
    return cfg


@pytest.mark.parametrize('path', LEAVES, ids=lambda path: str(path.with_suffix('')))
def test_steps(path: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    cfg = shrink(Config.fromfile(ROOT / 'configs' / path), tmp_path / path.stem)
    # A tiny data set lacks most of the classes' annotations, not their names.
    runner = Runner.from_cfg(cfg)
    runner.logger.setLevel(logging.ERROR)
    nets = [name for name in runner.model.NETS if getattr(runner.model, name) is not None]
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
