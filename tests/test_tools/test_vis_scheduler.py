# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Learning rates, drawn beforehand."""

import json
from pathlib import Path

import pytest
from mmengine.config import Config

from tests.utils.tiny import ROOT, tiny_config
from tests.utils.tools import tool

EPOCH = 3  # iterations of the tiny data set


def test_the_rates_are_those_that_a_run_logs(coco: Path, tmp_path: Path) -> None:
    cfg = tiny_config(coco, tmp_path / 'run', val=False)
    paper = Config.fromfile(ROOT / 'configs/sr4ir/det_edsr_x4.py')
    by_epoch = dict(type='StepLR', step_size=1, gamma=0.5)  # takes its end from the run
    cfg.param_scheduler = dict(
        sr=[dict(paper.param_scheduler.sr[0], periods=[1, 1])],
        task=[dict(type='LinearLR', start_factor=0.5, by_epoch=False, end=2), by_epoch],
    )
    cfg.visualizer.vis_backends = [dict(type='LocalVisBackend')]
    cfg.dump(tmp_path / 'tiny.py')
    tool('train').main([str(tmp_path / 'tiny.py')])
    (log,) = (tmp_path / 'run').glob('*/vis_data/scalars.json')
    records = [json.loads(line) for line in log.read_text().splitlines()]

    module = tool('analysis_tools/vis_scheduler')
    cfg = Config.fromfile(tmp_path / 'tiny.py')
    assert module.count_iterations(cfg) == EPOCH
    rates = module.learning_rates(cfg, EPOCH)
    for net in ('sr', 'task'):
        assert len(set(rates[net])) > 1
        assert rates[net] == [record[f'{net}.lr'] for record in records]


def test_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)  # where there are no data
    module = tool('analysis_tools/vis_scheduler')
    config = str(ROOT / 'configs/sr4ir/det_edsr_x4.py')
    module.main([config, '--iters-per-epoch', '40', '--out', 'rates.png'])
    printed = [' '.join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert '1200 iterations, 40 an epoch' in printed
    assert 'sr 2.5e-06 0.0001 1e-06' in printed
    assert Path('rates.png').read_bytes().startswith(b'\x89PNG')

    few = ['--iters-per-epoch', '2']
    for words, message in (
        ([], "'data/voc2012_coco/instances_train.json'). Without them, give --iters-per-epoch N"),
        (['--iters-per-epoch', '0'], '--iters-per-epoch is 0, less than 1'),
        (['--out', 'rates'], 'rates is no figure'),
        ([*few, '--cfg-options', 'param_scheduler.sr=None'], "param_scheduler has no entry 'sr'"),
        (
            [*few, '--cfg-options', 'param_scheduler.sr.0.typo=1'],
            'param_scheduler.sr.0.typo = 1: W',
        ),
    ):
        with pytest.raises(SystemExit) as end:
            module.main([config, *words])
        assert end.value.code == 1
        assert message in capsys.readouterr().err
