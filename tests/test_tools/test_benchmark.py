# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The plain step computes what ours does, and the benchmark compares the two."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn

from tests.utils.tiny import EDSR, ROOT
from tests.utils.tools import TOOLS, tool

SWITCHES = ('default', 'fast', 'fast_bf16')
DETECTOR = dict(min_size=64, max_size=96)


@pytest.fixture
def against(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(TOOLS / 'analysis_tools'))
    yield tool('analysis_tools/against_plain')
    for name in ('synthetic', 'plain_step', 'measure', 'suite', 'served', 'against_plain'):
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


@pytest.mark.parametrize('name', ['joint/cls_cars_edsr_x4', 's/cls_cub_edsr_x4', 'h2t/seg'])
def test_other_settings_are_refused(name: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        tool('analysis_tools/benchmark').main([f'configs/{name}.py', '--against', 'plain'])
    assert f'{name}.py is not SR4IR' in capsys.readouterr().err


def test_nets_that_are_not_written_plainly(against: ModuleType) -> None:
    from sr4ir_mm.errors import ConfigError

    net = nn.ModuleDict(dict(backbone=nn.Identity(), head=nn.Identity()))
    with pytest.raises(ConfigError, match=r'ModuleDict has no head\.fc'):
        sys.modules['plain_step'].PlainClassifier(net)


@pytest.fixture(scope='module')
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp('tiny') / 'tiny.py'
    config('cls_cars_edsr_x4').dump(path)
    return str(path)


def test_compares_and_writes(tiny: str, tmp_path: Path) -> None:
    benchmark = tool('analysis_tools/benchmark')
    argv = [tiny, '--against', 'plain', '--batch-size', '2', '--iterations', '2', '--warmup', '1',
            '--fast', '--work-dir', str(tmp_path)]  # fmt: skip
    report = benchmark.main(argv)
    written = json.loads((tmp_path / 'benchmark.json').read_text())
    assert written['ratio'] == report['ratio'] > 0
    peaks = [written[name]['peak_memory'] for name in ('ours', 'plain')]
    assert min(peaks) > 50 * 2**20  # PyTorch is in it
    assert written['memory_ratio'] == pytest.approx(peaks[0] / peaks[1])
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


def test_a_step_is_served_until_the_end(against: ModuleType) -> None:
    script = """
import sys
from served import tell
print('of a library')
tell('ready')
number = sum(1 for line in sys.stdin if not tell('step'))
sys.exit(number) if number == 3 else tell(number)
"""
    served = sys.modules['served'].Served([sys.executable, '-c', script])
    path = f'{TOOLS / "analysis_tools"}'
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('PYTHONPATH', path)
        with served as process:
            assert process.hear() == 'ready'
            assert [process.step(), process.step()] == ['step', 'step']
            assert process.end() == 2
        with served as process:
            for ask in (process.hear, process.step, process.step, process.step):
                ask()
            with pytest.raises(SystemExit, match=r'(?s)-c .*ended with exit code 3\.'):
                process.end()


def test_the_peak_is_not_the_parents(against: ModuleType) -> None:
    """A process begins as a copy of its parent, whose peak some counters keep."""
    ballast = bytearray(2**30)
    code = 'from measure import peak_memory; print(peak_memory())'
    folder = TOOLS / 'analysis_tools'
    run = subprocess.run([sys.executable, '-c', code], cwd=folder, capture_output=True, text=True)
    assert 50 * 2**20 < int(run.stdout) < len(ballast)


def test_weights_stand_still(tiny: str, against: ModuleType) -> None:
    """Or nets at random diverge, as a detector does at a rate that is meant for a warm-up."""
    cfg = Config.fromfile(tiny)
    still = against._standing_still(cfg)
    assert [still.optim_wrapper[net].optimizer.lr for net in ('sr', 'task')] == [0, 0]
    assert cfg.optim_wrapper.sr.optimizer.lr > 0
    with DefaultScope.overwrite_default_scope('sr4ir_mm'):
        step = against.build_ours(still, 2)
    assert step()['loss_pixel'] == step()['loss_pixel']


SCRIPT = """
import json, os, sys
config, folder = sys.argv[1], sys.argv[sys.argv.index('--work-dir') + 1]
part = dict(images_per_second=1.5, share_of_peak=0.42, operations=900, peak_memory=2**30)
if 'seg' in config:
    sys.exit(1)
os.makedirs(folder)
with open(folder + '/benchmark.json', 'w') as file:
    json.dump(dict(ratio=0.75, plain=part, ours=dict(part, operations=800)), file)
"""
"""In place of the benchmark: one config fails, as for want of memory."""


def test_suite_makes_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    benchmark = tool('analysis_tools/benchmark')
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    script = tmp_path / 'script.py'
    script.write_text(SCRIPT)
    monkeypatch.setattr(sys.modules['suite'], 'SCRIPT', str(script))
    monkeypatch.setattr(sys.modules['suite'], 'has_bf16', lambda: True)
    monkeypatch.setattr(sys.modules['suite'], 'SWITCHES', dict.fromkeys(SWITCHES, ()))
    benchmark.main(['--suite', '--dry-run', '--work-dir', str(tmp_path)])
    commands = capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [script]
    rows = benchmark.main(['--suite', '--work-dir', str(tmp_path)])['rows']
    printed = capsys.readouterr().out
    assert json.loads((tmp_path / 'suite.json').read_text())['rows'] == rows
    assert len(rows) == len(commands.splitlines()) == 15
    figures = '0.75 | 1.50 / 1.50 | 900 / 800 | 1024 / 1024 | 42% / 42%'
    assert f'| cls_cars_edsr_x4 | 4 | fast_bf16 | {figures} |' in printed
    assert '| seg_edsr_x8 | 2 | default | exit code 1 | - | - | - | - |' in printed
    assert 'min left' in printed
    assert 'min left' not in commands

    some = benchmark.main(['--suite', '--rows', '*x8_4_fast*', 'det*', '--dry-run'])
    assert some['rows'] == []
    assert len(capsys.readouterr().out.splitlines()) == 5
    monkeypatch.setattr(sys.modules['suite'], 'has_bf16', lambda: False)
    benchmark.main(['--suite', '--dry-run'])
    assert 'bf16' not in capsys.readouterr().out  # it would take many times as long
    benchmark.main(['--suite', '--rows', '*bf16', '--dry-run'])
    assert len(capsys.readouterr().out.splitlines()) == 5
    with pytest.raises(SystemExit):
        benchmark.main(['--suite', '--rows', 'det*', 'x16'])
    assert 'x16: none of the rows cls_cars_edsr_x4_4_default,' in capsys.readouterr().err


def test_a_row_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    sign = tmp_path / 'sign'
    inner = f'import time; time.sleep(4); open({str(sign)!r}, "w")'
    outer = f'import subprocess, sys; subprocess.run([sys.executable, "-c", {inner!r}])'
    suite = tool('analysis_tools/suite')
    assert suite._run([sys.executable, '-c', outer], 0.03) == 'more than 0.03 min'
    time.sleep(4)
    assert not sign.exists()
    assert suite._run([sys.executable, '-c', 'pass'], 1) == ''


@pytest.mark.parametrize(
    'argv',
    [
        [],
        ['--suite', 'x.py'],
        ['x.py', '--dry-run'],
        ['x.py', '--rows', 'x'],
        ['x.py', '--batch-size', '2'],
        ['--suite', '--against', 'plain'],
        ['--suite', '--amp'],
        ['--suite', '--cfg-options', 'model.fast=True'],
    ],
)
def test_options_that_do_not_go_together(argv: list[str]) -> None:
    with pytest.raises(SystemExit):
        tool('analysis_tools/benchmark').parse_args(argv)
