# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What the package declares is what it imports, and what it carries is there."""

import ast
import re
import subprocess
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from mmengine.config import Config
from packaging.requirements import Requirement
from setuptools import Distribution
from setuptools.config.pyprojecttoml import apply_configuration

from sr4ir_mm.compat import TESTED_STACKS
from sr4ir_mm.compat.how_to_install import EXTRAS, MMCV
from tests.utils.tiny import ROOT
from tests.utils.tools import tool

# What the base leaves to an extra or to a command, since the stacks name it differently.
STACKS = {'mmengine', 'mmcv', 'mmdet', 'mmseg', 'mmpretrain', 'mmagic', 'cv2'}
DATA = {'mim_voc2012': 'voc_seg.py', 'mim_cub': 'cub.py'}
IMPLIED = {'matplotlib', 'pycocotools'}  # MMEngine and mmdet declare them
DISTRIBUTIONS = {'PIL': 'pillow', 'yaml': 'pyyaml'}


@pytest.fixture(scope='module')
def declared() -> Distribution:
    """Read pyproject.toml as setuptools does."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the classifier of the licence; SPDX wants setuptools 77
        return apply_configuration(Distribution(), str(ROOT / 'pyproject.toml'))


def names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r'[ <>=\[;!~]', text)[0].lower() for text in requirements}


def imported(root: Path) -> set[str]:
    """Name the modules that are not Python's own, at whatever place they are imported."""
    found: set[str] = set()
    for path in root.rglob('*.py'):
        if '.mim' in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module or '')
    return {name.partition('.')[0] for name in found} - sys.stdlib_module_names - {'sr4ir_mm'}


def test_what_is_imported_is_declared(declared: Distribution) -> None:
    base = names(declared.install_requires)
    used = imported(ROOT / 'sr4ir_mm')
    assert {'torch', 'mmcv', 'cv2', 'lpips'} <= used
    for module in used - STACKS - EXTRAS.keys() - IMPLIED:
        assert DISTRIBUTIONS.get(module, module) in base, f'{module} is imported, but not declared'


def test_stacks_do_not_fight(declared: Distribution) -> None:
    """Neither the base nor two extras that go together name one module twice."""
    either = {name for stack in TESTED_STACKS.values() for name in stack if 'mm' in name}
    opencv = {'opencv-python', 'opencv-python-headless'}
    assert not names(declared.install_requires) & (either | opencv)
    extras = {extra: names(lines) for extra, lines in declared.extras_require.items()}
    for stack, libraries in TESTED_STACKS.items():
        needed = {name for name in libraries if 'mm' in name and 'mmcv' not in name} - {'mmagic'}
        assert needed <= extras[stack]
        # MMCV is built for the PyTorch that is there, mmagic comes without its dependencies.
        assert not extras[stack] & {'mmcv', 'onedl-mmcv', 'mmagic'}
        assert MMCV[stack].partition('>')[0] in libraries
    assert extras['mim'] - extras['classic'] == {'mmcv'}
    assert not extras['mim'] & extras['current']
    assert set(EXTRAS.values()) <= extras.keys()
    assert set(EXTRAS) - {'gradio'} == extras['export']


def test_mim_asks_for_the_classic_stack(declared: Distribution) -> None:
    mim, classic = (
        {Requirement(text) for text in declared.extras_require[extra]}
        for extra in ('mim', 'classic')
    )
    assert {need for need in classic if need.name.startswith('mm')} < mim
    assert mim - classic == {Requirement(MMCV['classic'])}


def test_pythons_are_told_alike(declared: Distribution) -> None:
    told = re.findall(r"PYTHONS='(.*?)'", (ROOT / 'tools/misc/setup_env.sh').read_text())
    current, classic = (text.split() for text in told)
    prefix = 'Programming Language :: Python :: 3.'
    classifiers = [text for text in declared.metadata.classifiers if text.startswith(prefix)]
    assert [text.rpartition(' ')[2] for text in classifiers] == current
    assert set(classic) < set(current)
    page = (ROOT / 'docs/get_started.md').read_text()
    assert re.findall(r'^\| (3\.\d+) \|', page, re.MULTILINE) == current
    assert declared.python_requires == f'>={current[0]}'


def test_data_sets_for_mim_have_scripts_and_belong_where_the_configs_look() -> None:
    index = yaml.safe_load((ROOT / 'dataset-index.yml').read_text())
    assert {'voc2012', 'cub'} == index.keys()
    for entry in index.values():
        script = ROOT / entry['script']
        assert script.stat().st_mode & 0o100
        cfg = Config.fromfile(ROOT / 'configs/_base_/datasets' / DATA[script.stem])
        assert entry['data_root'] == 'data'
        assert str(cfg.train_dataloader).count("'data/") >= 1
        done = subprocess.run([str(script)], capture_output=True, text=True)
        assert done.returncode == 2
        assert done.stderr.startswith('# Usage: ')
        done = subprocess.run([str(script), ROOT / 'docs', 'x'], capture_output=True, text=True)
        assert done.returncode == 1
        assert 'error: there is no ' in done.stderr


def test_workflows_run_what_there_is() -> None:
    content = yaml.safe_load((ROOT / '.github/workflows/ci.yml').read_text())
    action = yaml.safe_load((ROOT / '.github/actions/env/action.yml').read_text())
    jobs = content['jobs'].values()
    steps = [step for job in jobs for step in job['steps']] + action['runs']['steps']
    commands = [step['run'] for step in steps if 'run' in step]
    targets = {words.split()[1] for words in commands if words.startswith('make ')}
    assert {'env', 'lint', 'docs', 'test'} == targets
    assert targets <= set(re.findall(r'^(\w+):', (ROOT / 'Makefile').read_text(), re.MULTILINE))
    runs = content['jobs']['test']['strategy']['matrix']['include']
    assert {run['stack'] for run in runs} == TESTED_STACKS.keys()
    assert len({run['python'] for run in runs}) >= 3
    setup = (ROOT / 'tools/misc/setup_env.sh').read_text()
    assert all(run['python'] in setup for run in runs)


@pytest.fixture
def setup_script() -> ModuleType:
    return tool('../setup')


def test_where_nothing_can_be_linked_it_is_copied(
    setup_script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    def refuse(*args: object) -> None:
        raise OSError('a required privilege is not held')

    setup_script.fill(tmp_path / 'linked', link=True)
    assert (tmp_path / 'linked/configs').resolve() == ROOT / 'configs'
    assert capsys.readouterr().out == ''
    monkeypatch.setattr(Path, 'symlink_to', refuse)
    setup_script.fill(tmp_path / 'copied', link=True)
    for name in setup_script.SHARED:
        assert (tmp_path / 'copied' / name).exists()
        assert not (tmp_path / 'copied' / name).is_symlink()
    assert 'configs is copied' in capsys.readouterr().out
    # An older one gives way.
    (tmp_path / 'copied/configs/gone.py').touch()
    setup_script.fill(tmp_path / 'copied', link=False)
    assert not (tmp_path / 'copied/configs/gone.py').exists()
