# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The report of versions."""

import sys
from importlib.metadata import version

import pytest
import torch

from sr4ir_mm.compat import TESTED_STACKS
from sr4ir_mm.utils import collect_env as module


def test_versions_of_both_stacks_are_told() -> None:
    env = module.collect_env()
    assert env['torch'] == version('torch')
    assert env['lpips'] == version('lpips')
    here = 'current' if env['mmengine'] == 'not installed' else 'classic'
    for stack, names in TESTED_STACKS.items():
        own = names.keys() - {'torch', 'torchvision', 'lpips', 'mmagic'}
        assert {env[name] == 'not installed' for name in own} == {stack != here}
    assert env['CUDA of torch'] == (torch.version.cuda or 'none, a CPU build')


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
