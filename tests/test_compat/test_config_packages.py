# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Paths of configs of packages resolve, and install nothing."""

import functools
import importlib.util
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.config.utils import MODULE2PACKAGE
from mmengine.hub import get_config
from mmengine.utils import get_installed_path, is_installed, package_utils

from sr4ir_mm import compat
from sr4ir_mm.registry import FUNCTIONS
from tests.utils.tiny import ROOT

pytestmark = pytest.mark.quick


def inherit(base: str, folder: Path) -> Config:
    """Load a config that is nothing but its base."""
    child = folder / 'child.py'
    child.write_text(f'_base_ = {base!r}\n')
    return Config.fromfile(child)


def without_scopes(node: Any) -> Any:
    """Leave out the marks that MMEngine sets in dicts of another package."""
    if isinstance(node, dict):
        return {k: without_scopes(v) for k, v in node.items() if k != '_scope_'}
    return [without_scopes(v) for v in node] if isinstance(node, (list, tuple)) else node


def test_our_configs_can_be_inherited_from_anywhere(tmp_path: Path) -> None:
    assert Path(get_installed_path(MODULE2PACKAGE['sr4ir_mm'])) == ROOT / 'sr4ir_mm'
    original = Config.fromfile(ROOT / 'configs/sr4ir/det_edsr_x4.py').to_dict()
    inherited = inherit('sr4ir_mm::sr4ir/det_edsr_x4.py', tmp_path).to_dict()
    assert without_scopes(inherited) == without_scopes(original)


def test_inherited_start_of_workers_works(tmp_path: Path) -> None:
    """MMEngine marks inherited dicts with their scope, and hands that to this function, too."""
    cfg = inherit('sr4ir_mm::sr4ir/det_edsr_x4.py', tmp_path)
    options = dict(cfg.train_dataloader.worker_init_fn)
    seed_worker = FUNCTIONS.get(options.pop('type'))
    functools.partial(seed_worker, **options)(0)  # as Runner.build_dataloader does
    assert random.getstate() == random.Random(torch.initial_seed() % 2**32).getstate()


def test_our_config_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match='no_such'):
        inherit('sr4ir_mm::sr4ir/no_such.py', tmp_path)


@pytest.mark.parametrize(
    'path',
    [
        'mmdet::retinanet/retinanet_r18_fpn_1x_coco.py',
        'mmseg::_base_/models/fcn_r50-d8.py',
        'mmpretrain::resnet/resnet18_8xb32_in1k.py',
    ],
)
def test_configs_of_the_libraries_resolve_and_install_nothing(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_command(command: object) -> None:
        pytest.fail(f'ran {command}')

    monkeypatch.setattr(package_utils, 'call_command', no_command)
    assert 'model' in get_config(path)


def test_a_fork_of_another_name_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the default stack, whatever stack this runs on: the distribution is not there."""
    monkeypatch.setitem(MODULE2PACKAGE, 'mmseg', 'no-such-distribution')
    compat.register_config_packages()
    assert is_installed(MODULE2PACKAGE['mmseg'])
    expected = Path(importlib.util.find_spec('mmseg').origin).parent
    assert Path(get_installed_path(MODULE2PACKAGE['mmseg'])) == expected
