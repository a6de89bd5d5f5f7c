# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The report of versions."""

import sys
from importlib.metadata import version

import pytest
import torch

from sr4ir_mm.compat import TESTED_STACKS
from sr4ir_mm.utils import collect_env as module


def test_versions_of_the_stack_here_are_told() -> None:
    env = module.collect_env()
    assert env['torch'] == version('torch')
    assert env['lpips'] == version('lpips')
    assert 'not installed' not in env.values()
    assert ('mmengine' in env) != ('onedl-mmengine' in env)
    assert env['CUDA of torch'] == (torch.version.cuda or 'none, a CPU build')


@pytest.mark.parametrize(
    'installed', [{}, {'onedl-mmengine': '0.10.12', 'mmengine': '0.10.7'}], ids=['none', 'both']
)
def test_both_stacks_are_told_where_it_is_not_clear(
    installed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'installed_versions', lambda: installed)
    env = module.collect_env()
    for names in TESTED_STACKS.values():
        assert {name: env[name] for name in names} == {
            name: installed.get(name, 'not installed') for name in names
        }


def test_ops_are_compiled_and_tell_cuda() -> None:
    from mmcv.ops import get_compiling_cuda_version

    cuda = get_compiling_cuda_version()
    expected = 'for the CPU only' if cuda == 'not available' else f'with CUDA {cuda}'
    assert module.mmcv_ops() == f'compiled, {expected}'


def test_missing_ops_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'mmcv.ops', None)
    assert module.mmcv_ops().startswith('missing')
    assert 'pip install --no-deps' in module.mmcv_ops()


def test_program_prints_a_line_for_each(capsys: pytest.CaptureFixture) -> None:
    module.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split('  ')[0] for line in lines] == list(module.collect_env())
