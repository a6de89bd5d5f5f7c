# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A warning, once, when TDP and the pixel loss are of quite different size."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from mmengine.logging import MessageHub
from mmengine.runner import Runner
from torch import nn

from sr4ir_mm.engine.hooks import LossBalanceHook
from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.losses import TDPLoss
from tests.utils.samples import setting
from tests.utils.tiny import tiny_config
from tests.utils.tiny_data import make_coco


class Model(nn.Module):
    """Its losses: two TDP losses, and one that is none."""

    def __init__(self) -> None:
        super().__init__()
        losses = dict(tdp=TDPLoss(), feat=TDPLoss(layers=(0,)), vgg=nn.Identity())
        self.losses = nn.ModuleDict(losses)


def warnings(
    outputs: Sequence[dict],
    phases: Sequence[dict] | None = None,
    hub: MessageHub | None = None,
    ends: bool = False,
    **kwargs: object,
) -> list[str]:
    """What is logged over iterations with these values."""
    said: list[str] = []
    loop = SimpleNamespace(phases=[Phase.from_cfg(p) for p in phases or setting('sr4ir')])
    logger = SimpleNamespace(warning=said.append)
    runner = SimpleNamespace(
        train_loop=loop, logger=logger, message_hub=hub or MessageHub('of a run'), model=Model()
    )
    hook = LossBalanceHook(**{'iterations': 4, **kwargs})
    hook.before_train(runner)
    for index, values in enumerate(outputs):
        hook.after_train_iter(runner, index, outputs=values)
    if ends:
        hook.after_train(runner)
    return said


def values(tdp: float, pixel: float = 0.1) -> dict:
    return dict(loss_tdp=tdp, loss_pixel=pixel, loss_sr=tdp + pixel)


@pytest.mark.parametrize('tdp', [0.0011, 0.1, 0.99])
def test_silent_within_bounds(tdp: float) -> None:
    assert warnings([values(tdp)] * 20) == []


@pytest.mark.parametrize(
    ('tdp', 'words'),
    [
        (1.01, "'tdp' is 10.1 times the pixel loss"),
        (0.0009, "'tdp' is 0.009 of the pixel loss"),
        (0.0, "'tdp' is 0 of the pixel loss"),
    ],
)
def test_warns_once_and_names_the_key(tdp: float, words: str) -> None:
    (said,) = warnings([values(tdp)] * 20)
    assert words in said
    equal = f'{0.1 / tdp:.2g}' if tdp else '1'
    assert said.endswith(f' --cfg-options phases.0.losses.tdp.sr={equal}')


def test_the_mean_after_the_warm_up_decides() -> None:
    warm_up = [dict(loss_pixel=9.0)] * 7
    assert warnings([*warm_up, values(3.9), *[values(0.01)] * 3]) == []  # 9.8 times
    assert len(warnings([*warm_up, values(4.1), *[values(0.01)] * 3])) == 1
    assert warnings([*warm_up, *[values(9.0)] * 3]) == []  # too few


def test_a_short_training_is_judged_by_what_there_was() -> None:
    (said,) = warnings([dict(loss_pixel=9.0), *[values(2.0)] * 3], ends=True)
    assert 'on average over 3 iterations' in said
    assert len(warnings([values(2.0)] * 9, ends=True)) == 1
    assert warnings([dict(loss_pixel=9.0)] * 9, ends=True) == []


def test_a_resumed_run_goes_on_counting_and_warns_once() -> None:
    hub = MessageHub('first')
    assert warnings([values(2.0)] * 3, hub=hub) == []
    resumed = MessageHub('second')
    resumed.load_state_dict(hub.state_dict())
    (said,) = warnings([values(2.4)] * 9, hub=resumed, ends=True)
    assert 'is 21.0 times' in said  # the mean of 2.0, 2.0, 2.0 and 2.4
    assert warnings([values(2.4)] * 9, hub=resumed, ends=True) == []
    heavier = setting('sr4ir')
    heavier[0]['losses']['tdp']['sr'] = 2.0
    assert len(warnings([values(4.8)] * 9, heavier, hub=resumed)) == 1


def test_other_losses_images_and_places() -> None:
    first, second = setting('vgg_loss')
    vgg = dict(loss_vgg=2.0, loss_pixel=0.1)
    (said,) = warnings([vgg] * 4, [second, first], loss='vgg')
    assert 'phases.1.losses.vgg.sr=' in said
    assert warnings([vgg] * 4, [first, second]) == []
    with pytest.raises(ConfigError, match="loss = 'vgh': no phase .* did you mean 'vgg'"):
        warnings([vgg] * 4, [first, second], loss='vgh')
    both = dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0, cqmix=2.0)))
    (said,) = warnings([values(0.6) | {'cqmix.loss_tdp': 0.6}] * 4, [both])
    assert 'phases.0.losses.tdp.sr=0.083 phases.0.losses.tdp.cqmix=0.17' in said
    for without in ('pixel', 'tdp'):  # is meant
        losses = first['losses'] | dict(tdp=dict(sr=1.0), pixel=dict(sr=1.0)) | {without: {'sr': 0}}
        assert warnings([values(0.0)] * 9, [dict(update='sr', losses=losses)]) == []
    assert warnings([dict(loss=1.0)] * 9, setting('h2t')) == []


def test_each_loss_is_judged_by_itself() -> None:
    phase = dict(update='sr', losses={n: dict(sr=1.0) for n in ('pixel', 'tdp', 'feat')})
    said = warnings([values(0.1) | dict(loss_feat=5.0)] * 9, [phase])
    assert [text.partition(' is ')[0] for text in said] == ["The loss 'feat'"]
    assert len(warnings([values(5.0) | dict(loss_feat=5.0)] * 9, [phase])) == 2
    held_back = dict(loss_pixel=0.1, loss_feat=0.1)
    assert warnings([held_back] * 9, [phase], ends=True) == []
    assert len(warnings([values(5.0) | dict(loss_feat=5.0)] * 9, [phase], loss='tdp')) == 1


def test_a_number_that_is_none() -> None:
    with pytest.raises(ConfigError, match='LossBalanceHook: iterations'):
        LossBalanceHook(iterations=0)


def test_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_coco(tmp_path / 'data')
    said: list[str] = []
    cfg = tiny_config(data, tmp_path / 'run', val=False, default_hooks__checkpoint=None)
    cfg.default_hooks.loss_balance.iterations = 2
    cfg.phases[0].losses.tdp.sr = 1e4
    runner = Runner.from_cfg(cfg)
    monkeypatch.setattr(runner.logger, 'warning', lambda text, *_: said.append(text))
    runner.train()
    assert sum("The loss 'tdp'" in text for text in said) == 1
