# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Workarounds for versions: paths of configs, mmagic, process groups, warnings."""

import functools
import importlib.util
import json
import os
import random
import re
import socket
import subprocess
import sys
import warnings
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.config.utils import MODULE2PACKAGE
from mmengine.hub import get_config
from mmengine.utils import get_installed_path, is_installed, package_utils

from sr4ir_mm import compat
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import FUNCTIONS

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parents[1]


def run_python(code: str, cwd: Path, **env: str) -> subprocess.CompletedProcess:
    """Run a program in a process of its own, since it imports mmagic or joins a group."""
    return subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        cwd=cwd,
        env=env or None,
        capture_output=True,
        text=True,
        timeout=300,
    )


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


def test_mmagic_is_imported_and_nothing_stays_changed(tmp_path: Path) -> None:
    done = run_python(
        'import json, mmcv, numpy as np\n'
        'from sr4ir_mm.compat import import_mmagic\n'
        'before = mmcv.__version__, "bool8" in vars(np)\n'
        'mmagic = import_mmagic()\n'
        'assert import_mmagic() is mmagic\n'
        'from mmengine.registry import MODELS\n'
        'net = MODELS.build(dict(type="mmagic.EDSRNet", in_channels=3, out_channels=3,'
        ' mid_channels=4, num_blocks=1))\n'
        'assert type(net) is mmagic.models.editors.EDSRNet\n'
        'print(json.dumps([before, (mmcv.__version__, "bool8" in vars(np))]))\n',
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout.splitlines()[-1])
    assert before == after


def test_missing_mmagic_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    compat.import_mmagic.cache_clear()
    monkeypatch.setattr(
        importlib.util, 'find_spec', lambda name: None if name == 'mmagic' else find_spec(name)
    )
    with pytest.raises(ImportError, match='pip install --no-deps mmagic==1.2.0'):
        compat.import_mmagic()


def test_mmagic_that_cannot_be_imported_says_why_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import mmcv

    def broken(name: str) -> None:
        raise ImportError("cannot import name 'cached_download'")

    compat.import_mmagic.cache_clear()
    version = mmcv.__version__
    monkeypatch.setattr(compat.importlib, 'import_module', broken)
    with pytest.raises(ImportError, match='cached_download.*diffusers 0.24.0'):
        compat.import_mmagic()
    assert mmcv.__version__ == version


GROUP = """
import torch
torch.cuda.is_available = lambda: False
from sr4ir_mm.compat import ensure_process_group
from torch import distributed
for launcher in ('none', 'pytorch', 'pytorch'):
    ensure_process_group(launcher)
    print(distributed.get_backend() if distributed.is_initialized() else 'alone')
"""


def test_processes_without_gpus_join_by_gloo(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = str(free.getsockname()[1])
    env = dict(os.environ, RANK='0', WORLD_SIZE='1', MASTER_ADDR='127.0.0.1', MASTER_PORT=port)
    done = run_python(GROUP, tmp_path, **env)
    assert done.stdout.split() == ['alone', 'gloo', 'gloo'], done.stderr


def test_launcher_without_torchrun_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.delenv('RANK', raising=False)
    with pytest.raises(ConfigError, match=r'RANK.*by torchrun'):
        compat.ensure_process_group('pytorch')


def test_installed_versions_are_those_of_the_distributions() -> None:
    names = {dist.metadata['Name'].lower(): dist.version for dist in distributions()}
    installed = compat.installed_versions()
    assert {'torch', 'lpips'} <= installed.keys()
    assert all(names[name] == value for name, value in installed.items())


@pytest.mark.parametrize('stack', compat.TESTED_STACKS)
def test_tested_stacks_are_silent_and_are_those_of_the_constraints(stack: str) -> None:
    tested = compat.TESTED_STACKS[stack]
    lines = (ROOT / f'requirements/constraints-{stack}.txt').read_text().split()
    assert {f'{name}=={version}' for name, version in tested.items()} <= set(lines)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        compat.warn_untested_versions(dict(tested))
        # Neither another build nor a missing optional library is worth a warning.
        others = {**tested, 'torch': tested['torch'] + '+cu999'}
        del others['mmagic']
        compat.warn_untested_versions(others)


@pytest.mark.parametrize(
    ('stack', 'change', 'message'),
    [
        ('current', {'onedl-mmdetection': '4.0.0'}, r'onedl-mmdetection 4\.0\.0 \(tested: 3\.5\.1'),
        ('classic', {'torch': '2.6.0'}, 'may be unable to load or resume its own checkpoints'),
        ('current', {'mmengine': '0.10.7'}, 'overwrite each other'),
    ],
)
def test_other_versions_warn_and_name_what_is_tested(
    stack: str, change: dict, message: str, recwarn: pytest.WarningsRecorder
) -> None:
    compat.warn_untested_versions({**compat.TESTED_STACKS[stack], **change})
    assert any(re.search(message, str(warning.message)) for warning in recwarn)
