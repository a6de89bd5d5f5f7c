# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Hooks, with a stand-in for the runner."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from mmengine.logging import MessageHub
from mmengine.runner import Runner

from sr4ir_mm.engine.hooks import (
    NetEMAHook,
    PendingGradientsHook,
    StrictLoadHook,
    TDPWarmupHook,
)
from sr4ir_mm.engine.runner import Phase
from sr4ir_mm.errors import CheckpointError
from tests.utils.samples import setting
from tests.utils.tiny import tiny_config
from tests.utils.tiny_data import make_coco


def test_warmup_holds_the_loss_back_until_it_begins() -> None:
    loop = SimpleNamespace(progress=0, held_back={'other'})
    hook = TDPWarmupHook(begin=2)
    held_back = []
    for loop.progress in range(4):
        hook.before_train_iter(SimpleNamespace(train_loop=loop))
        held_back.append('tdp' in loop.held_back)
    assert held_back == [True, True, False, False]
    assert loop.held_back == {'other'}


def test_warmup_without_an_end_is_told() -> None:
    said: list[str] = []
    loop = SimpleNamespace(planned=3, phases=[Phase.from_cfg(p) for p in setting('sr4ir')])
    runner = SimpleNamespace(train_loop=loop, logger=SimpleNamespace(warning=said.append))
    TDPWarmupHook(begin=2).before_train(runner)
    TDPWarmupHook(begin=3, loss='vgg').before_train(runner)
    assert said == []
    TDPWarmupHook(begin=3).before_train(runner)
    assert len(said) == 1
    assert "'tdp' is never used" in said[0]
    assert 'begin = 3, and the training ends after 3' in said[0]


def test_a_loss_that_comes_later_is_logged_beside_those_of_its_phase(tmp_path: Path) -> None:
    data = make_coco(tmp_path / 'data')
    cfg = tiny_config(data, tmp_path / 'run', val=False, default_hooks__checkpoint=None)
    assert cfg.custom_hooks[0].begin == 1  # of two epochs
    runner = Runner.from_cfg(cfg)
    runner.train()
    names = [name.removeprefix('train/') for name in runner.message_hub.log_scalars]
    start = names.index('loss_pixel')
    assert names[start : start + 3] == ['loss_pixel', 'loss_tdp', 'loss_sr']
    assert names[-1] == 'loss'


def test_a_log_without_the_losses_is_left_alone() -> None:
    """Such as where default_hooks.runtime_info is None."""
    hub = MessageHub('without losses')
    hub.update_scalar('train/loss', 1.0)
    runner = SimpleNamespace(message_hub=hub)
    TDPWarmupHook(begin=1).after_train_iter(runner, 0, outputs=dict(loss_tdp=1.0, loss=2.0))
    assert list(hub.log_scalars) == ['train/loss']


def test_strict_load_names_what_differs() -> None:
    model = torch.nn.Linear(2, 3)
    runner = SimpleNamespace(
        model=model,
        _load_from='some.pth',
        _resume=False,
        optim_wrapper={},
        param_schedulers=[],
        cfg=SimpleNamespace(filename='some.py'),
    )
    hook = StrictLoadHook()
    hook.after_load_checkpoint(runner, {'state_dict': model.state_dict()})
    state = {'weight': torch.zeros(2, 2), 'gain': torch.zeros(1)}
    with pytest.raises(CheckpointError) as error:
        hook.after_load_checkpoint(runner, {'state_dict': state})
    for part in ('some.pth', 'some.py', '1 missing (bias)', '1 unexpected (gain)', '(3, 2)'):
        assert part in str(error.value)
    runner._resume = True
    whole = dict(state_dict=model.state_dict(), meta={}, message_hub={}, optimizer={})
    hook.after_load_checkpoint(runner, whole)
    del whole['optimizer'], whole['meta']
    with pytest.raises(CheckpointError, match=r'some\.pth has no meta, optimizer: no run'):
        hook.after_load_checkpoint(runner, whole)


def test_second_names_of_weights_are_not_saved() -> None:
    """Such as mmdet's DDQ-DETR gives when it first trains; new weights would be missed."""
    model = torch.nn.ModuleDict(dict(head=torch.nn.BatchNorm1d(2), tied=torch.nn.Linear(2, 2)))
    model['tie'] = model['tied']  # as it is built: both names are known
    built = set(model.state_dict())
    runner, hook = SimpleNamespace(model=model), StrictLoadHook()
    hook.before_run(runner)
    model['decoder'] = model['head']
    model['new'] = torch.nn.Linear(1, 1)
    checkpoint = dict(
        state_dict={name: value.clone() for name, value in model.state_dict().items()}
    )
    hook.before_save_checkpoint(runner, checkpoint)
    assert set(checkpoint['state_dict']) == built | {'new.weight', 'new.bias'}


def test_an_average_knows_no_second_names() -> None:
    net = torch.nn.ModuleDict(dict(head=torch.nn.Linear(2, 1)))
    model = torch.nn.ModuleDict(dict(task=net))
    model.net = model.__getitem__
    runner, hook = SimpleNamespace(model=model, _resume=True), NetEMAHook('task')
    hook.before_run(runner)
    net['decoder'] = net['head']
    torch.nn.init.constant_(net['head'].weight, 3.0)
    hook.ema_model.update_parameters(net)
    checkpoint = dict(state_dict=model.state_dict())
    hook.before_save_checkpoint(runner, checkpoint)
    assert set(checkpoint['ema_task']['trained']) == {'head.weight', 'head.bias'}
    assert (checkpoint['ema_task']['trained']['head.weight'] == 3).all()


def test_gradients_of_weights_with_second_names_are_resumed() -> None:
    """The second name may come first, and is not there when the net is built again."""
    old, new = (torch.nn.ModuleDict(dict(a=torch.nn.Identity(), head=torch.nn.Linear(2, 1)))
                for _ in range(2))  # fmt: skip
    old['a'] = torch.nn.Sequential(old['head'])
    old['head'](torch.ones(1, 2)).sum().backward()
    wrapper, checkpoint = SimpleNamespace(should_update=lambda: False), {}
    for net, method in ((old, 'before_save_checkpoint'), (new, 'after_load_checkpoint')):
        model = torch.nn.Module()
        model.net = dict(task=net).__getitem__
        runner = SimpleNamespace(model=model, optim_wrapper=dict(task=wrapper), _resume=True)
        getattr(PendingGradientsHook(), method)(runner, checkpoint)
    assert torch.equal(new['head'].weight.grad, torch.ones(1, 2))


def test_gradients_between_two_steps_survive() -> None:
    net = torch.nn.Linear(2, 1)
    net(torch.ones(1, 2)).sum().backward()
    grad = net.weight.grad.clone()
    wrapper = SimpleNamespace(should_update=lambda: False)
    model = torch.nn.Module()
    model.net = lambda name: {'sr': net}[name]
    runner = SimpleNamespace(model=model, optim_wrapper={'sr': wrapper}, _resume=True)
    hook, checkpoint = PendingGradientsHook(), {}
    hook.before_save_checkpoint(runner, checkpoint)
    net.zero_grad()
    hook.after_load_checkpoint(runner, checkpoint)
    assert torch.equal(net.weight.grad, grad)

    # Just stepped: nothing waits. And a start from a checkpoint is no resumption.
    wrapper.should_update = lambda: True
    stepped: dict = {}
    hook.before_save_checkpoint(runner, stepped)
    assert stepped[hook.KEY] == {}
    net.zero_grad()
    runner._resume = False
    hook.after_load_checkpoint(runner, checkpoint)
    assert net.weight.grad is None
