# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The plain step computes what ours does, and the benchmark compares the two."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn

from tests.utils.tiny import EDSR, ROOT
from tests.utils.tools import TOOLS, tool

DETECTOR = dict(min_size=64, max_size=96)


@pytest.fixture
def against(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(TOOLS / 'analysis_tools'))
    yield tool('analysis_tools/against_plain')
    for name in ('synthetic', 'plain_step', 'measure', 'suite', 'against_plain'):
        sys.modules.pop(name, None)


def config(name: str) -> Config:
    """Load a leaf with a narrow S and small crops."""
    cfg = Config.fromfile(ROOT / f'configs/sr4ir/{name}.py')
    cfg.model.sr.update(EDSR)
    cfg.model.cqmix.prob = 1.0
    for transform in cfg.train_dataloader.dataset.pipeline:
        if 'crop_size' in transform:
            transform.crop_size = 48
    if 'det' in name:
        cfg.model.task.data_preprocessor.update(DETECTOR)
        for part in (cfg.model.task.train_cfg.rpn, cfg.model.task.train_cfg.rcnn):
            part.sampler.num = 10**6  # nothing is drawn
    return cfg


@pytest.mark.parametrize('name', ['cls_cars_edsr_x4', 'seg_edsr_x4', 'det_edsr_x4'])
def test_the_plain_step_computes_the_same(
    name: str, against: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules['synthetic'], 'VOC', ((60, 80), (52, 80)))
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.setattr(nn.Dropout, 'forward', lambda _, x: x)
    with DefaultScope.overwrite_default_scope('sr4ir_mm'):
        ours, plain = (against.STEPS[kind](config(name), 2) for kind in ('ours', 'plain'))
        for number in range(2):  # the second with the weights that the first one stepped
            values, expected = ours(), plain()
            rel = 1e-4 if number == 0 else 5e-2
            assert values['loss_pixel'] == pytest.approx(expected['pixel'], rel=rel)
            assert values['loss_tdp'] == pytest.approx(expected['tdp'], rel=rel)
            assert values['loss_task'] == pytest.approx(expected['task'], rel=rel)
            assert expected['tdp'] > 1e-3  # features do not vanish


def test_other_settings_are_refused(against: ModuleType) -> None:
    from sr4ir_mm.errors import ConfigError

    cfg = Config.fromfile(ROOT / 'configs/joint/cls_cars_edsr_x4.py')
    with pytest.raises(ConfigError, match='only SR4IR is written plainly'):
        sys.modules['plain_step'].PlainStep(cfg, None)


@pytest.fixture(scope='module')
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp('tiny') / 'tiny.py'
    config('cls_cars_edsr_x4').dump(path)
    return str(path)


def test_compares_and_writes(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    benchmark = tool('analysis_tools/benchmark')
    memory = {'plain': 500 * 2**20, 'ours': 400 * 2**20}
    monkeypatch.setattr(benchmark, 'in_its_own_process', lambda argv: memory[argv[-1]])
    monkeypatch.setattr(sys.modules['measure'], 'SIDE', 256)
    argv = [tiny, '--against', 'plain', '--batch-size', '2', '--iterations', '2', '--warmup', '1',
            '--work-dir', str(tmp_path)]  # fmt: skip
    report = benchmark.main(argv)
    written = json.loads((tmp_path / 'benchmark.json').read_text())
    assert written['ratio'] == report['ratio'] > 0
    assert written['memory_ratio'] == pytest.approx(0.8)
    for name in ('plain', 'ours'):
        part = written[name]
        assert part['images_per_second'] == pytest.approx(2 / part['seconds'])
        assert part['share_of_peak'] * part['matrix_peak'] * part['seconds'] == pytest.approx(
            part['flops']
        )
        assert part['operations'] > 500
    # Ours keeps no graph where none is needed, and runs no head for features.
    assert written['ours']['flops'] <= written['plain']['flops']
    assert written['machine']['torch'] == torch.__version__


def test_memory_is_measured_in_a_process_of_its_own(
    tiny: str, against: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = tool('analysis_tools/suite')
    argv = [tiny, '--against', 'plain', '--batch-size', '2', '--memory-of', 'ours']
    assert suite.in_its_own_process(argv) > 50 * 2**20  # it has imported PyTorch
    monkeypatch.setattr(suite.subprocess, 'run', lambda *_, **__: Namespace(returncode=3))
    with pytest.raises(SystemExit, match='tiny.py .* ended with exit code 3'):
        suite.in_its_own_process(argv)


class Run:
    """In place of a process: one config fails, as for want of memory."""

    def __init__(self, command: list[str], **_: Any) -> None:
        args = tool('analysis_tools/benchmark').parse_args(command[2:])
        self.returncode = int('seg' in args.config)
        part = dict(images_per_second=1.5, share_of_peak=0.42)
        report = dict(ratio=0.75, memory_ratio=0.625, plain=part, ours=part)
        if not self.returncode:
            Path(args.work_dir).mkdir()
            (Path(args.work_dir) / 'benchmark.json').write_text(json.dumps(report))


def test_suite_makes_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    benchmark = tool('analysis_tools/benchmark')
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    monkeypatch.setattr(sys.modules['suite'].subprocess, 'run', Run)
    benchmark.main(['--suite', '--dry-run', '--work-dir', str(tmp_path)])
    commands = capsys.readouterr().out
    assert not list(tmp_path.iterdir())
    rows = benchmark.main(['--suite', '--work-dir', str(tmp_path)])['rows']
    printed = capsys.readouterr().out
    assert json.loads((tmp_path / 'suite.json').read_text())['rows'] == rows
    assert len(rows) == len(commands.splitlines()) == 15
    assert '| cls_cars_edsr_x4 | 4 | fast_bf16 | 0.75 | 1.50 | 1.50 | 0.62 | 42% |' in printed
    assert '| seg_edsr_x8 | 2 | default | exit code 1 | - | - | - | - |' in printed
    assert 'min left' in printed
    assert 'min left' not in commands


@pytest.mark.parametrize(
    'argv', [[], ['--suite', 'x.py'], ['x.py', '--dry-run'], ['x.py', '--batch-size', '2']]
)
def test_options_that_do_not_go_together(argv: list[str]) -> None:
    with pytest.raises(SystemExit):
        tool('analysis_tools/benchmark').parse_args(argv)
