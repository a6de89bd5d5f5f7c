# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Logged iterations, and those alone, have statistics; lines and weights stay as they are."""

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from tests.utils.tiny import tiny_config

ACCURACY = 'cqmix.decode.acc_seg'


class Noted(Hook):
    """Keep what each iteration gives."""

    def __init__(self) -> None:
        self.outputs: list[dict] = []

    def after_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        self.outputs.append(kwargs['outputs'])


def train(
    data: Path, work_dir: Path, hook: bool = True, **options: Any
) -> tuple[Runner, list[dict]]:
    options |= dict(default_hooks__logger__interval=2)
    cfg = tiny_config(data, work_dir, 'sr4ir/seg_edsr_x4', val=False, **options)
    cfg.experiment_name = work_dir.name
    if not hook:
        del cfg.default_hooks['statistics']
    runner = Runner.from_cfg(cfg)
    noted = Noted()
    runner.register_hook(noted)
    runner.train()
    return runner, noted.outputs


MEANS = [dict(data_src='time', method_name='max', log_name='slowest', window_size=2)]


@pytest.mark.parametrize(
    ('options', 'with_statistics'),
    [
        (dict(), [False, True, True] * 2),  # each second one, and the last of an epoch
        (dict(log_processor__custom_cfg=MEANS), [True] * 6),
    ],
)
def test_statistics_where_a_line_is_written(
    tiny_data: Path, tmp_path: Path, options: dict, with_statistics: list[bool]
) -> None:
    runner, outputs = train(tiny_data, tmp_path / 'run', **options)
    assert [ACCURACY in values for values in outputs] == with_statistics
    assert all('cqmix.decode.loss_ce' in values for values in outputs)
    assert runner.model.with_statistics


def test_weights_and_lines_are_the_same(tiny_data: Path, tmp_path: Path) -> None:
    ours, outputs = train(tiny_data, tmp_path / 'ours')
    theirs, expected = train(tiny_data, tmp_path / 'theirs', hook=False)
    state = theirs.model.state_dict()
    assert all(torch.equal(value, state[key]) for key, value in ours.model.state_dict().items())
    for index in (1, 2, 4, 5):
        assert outputs[index] == expected[index]
