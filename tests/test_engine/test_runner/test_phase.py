# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Phases as data."""

import pytest
from mmengine.config import ConfigDict

from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.errors import ConfigError

PIXEL = dict(pixel=dict(sr=1.0))


def test_one_net_may_be_named_without_a_list() -> None:
    phase = Phase.from_cfg(ConfigDict(update='sr', losses=PIXEL, train_mode='task'))
    assert phase.update == ('sr',)
    assert phase.train_mode == ('task',)


@pytest.mark.parametrize(
    ('cfg', 'message'),
    [
        (dict(losses=PIXEL), 'update'),
        (dict(update='sr', losses=PIXEL, nets='sr'), 'nets'),
        (dict(update=(), losses=PIXEL), 'must update a net'),
        (
            dict(update='sr', losses=PIXEL, interval=0),
            'interval = 0: it must be a whole number at least 1',
        ),
        (dict(update='sr', losses=dict(pixel=1.0)), r'pixel=dict\(sr=1.0\)'),
    ],
)
def test_bad_phases_are_refused(cfg: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Phase.from_cfg(cfg)


def test_unknown_nets_and_losses_are_refused_with_those_that_exist() -> None:
    phase = Phase.from_cfg(dict(update='gan', losses=PIXEL))
    with pytest.raises(ConfigError, match="net 'gan', but the model has sr, task"):
        phase.check(('sr', 'task'), ('pixel',))
    phase = Phase.from_cfg(dict(update='sr', losses=PIXEL))
    with pytest.raises(ConfigError, match="loss 'pixel', but the model has task"):
        phase.check(('sr', 'task'), ('task',))


def test_begin_end_and_interval() -> None:
    phase = Phase.from_cfg(dict(update='sr', losses=PIXEL, begin=1, end=3, interval=2))
    # progress is the epoch here, of three iterations each
    active = [iteration for iteration in range(12) if phase.active(iteration // 3, iteration)]
    assert active == [4, 6, 8]
