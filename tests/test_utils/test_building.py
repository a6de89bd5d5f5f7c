# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a library raises over a config becomes one line; what a running training raises does not."""

from collections.abc import Callable

import pytest
from mmengine.config import ConfigDict
from mmengine.model import BaseModule, ModuleList
from mmengine.registry import MODELS, TRANSFORMS, init_default_scope
from mmengine.runner import BaseLoop, turn_on_activation_checkpointing
from torch import nn

from sr4ir_mm.errors import ConfigError, DataError
from sr4ir_mm.utils.building import building


@MODELS.register_module(force=True)
class NarrowNet(nn.Module):
    """A net with mistakes to make."""

    def __init__(self, width: int = 8, side: int = 4, part: dict | None = None) -> None:
        super().__init__()
        self.half = width / 2
        if side == 2:
            raise ValueError('side 2   is\nnone')
        self.part = MODELS.build(part) if part else None


@pytest.mark.parametrize(
    ('cfg', 'message'),
    [
        (dict(sidde=1), "^net: NarrowNet cannot be built: it has no key 'sidde'; .* 'side'"),
        (dict(side=2), '^net: NarrowNet cannot be built: side 2 is none$'),
        (dict(width='a'), r"unsupported operand .* \(width = 'a'; its default is 8\)$"),
        (dict(part=dict(type='NarrowNet', side=2)), '^net.part: NarrowNet .*: side 2 is none'),
        (dict(part=dict(type='NarowNet')), "^net.part: .* no such model; .* 'NarrowNet'"),
        (dict(part=dict(side=3)), '^net.part: '),
    ],
)
def test_what_cannot_be_built(cfg: dict, message: str) -> None:
    init_default_scope('mmengine')
    whole = ConfigDict(type='NarrowNet', **cfg)
    with pytest.raises(ConfigError, match=message) as error, building(whole, 'net'):
        MODELS.build(whole)
    assert '\n' not in str(error.value)
    assert error.value.__cause__ is not None


def test_what_acts_on_one_key_is_named_by_it() -> None:
    message = "^activation_checkpointing: 'Linear' object has no attribute 'neck'"
    with pytest.raises(ConfigError, match=message), building():
        turn_on_activation_checkpointing(nn.Linear(1, 1), ['neck'])


def test_an_assertion_without_a_word_is_shown() -> None:
    import mmcv.transforms  # noqa: F401

    flip = dict(type='RandomFlip', prob=2.0)
    message = r'^flip: RandomFlip cannot be built: it must be that .*prob'
    with pytest.raises(ConfigError, match=message), building(flip, 'flip'):
        TRANSFORMS.build(flip)


class Untold(BaseModule):
    """A part that wants to be told something before it is initialised."""

    def init_weights(self) -> None:
        """Ask for what nobody set."""
        print(self.told)


def test_what_cannot_be_initialised_is_named() -> None:
    model = BaseModule()
    model.task = ModuleList([nn.Identity(), Untold()])
    message = r"^model\.task\.1 \(Untold\.init_weights\): 'Untold' object has no attribute 'told'"
    with pytest.raises(ConfigError, match=message), building():
        model.init_weights()


class Loop(BaseLoop):
    """A loop that runs something."""

    def __init__(self, work: Callable) -> None:
        self.work = work

    def run(self) -> None:
        """Run it."""
        self.work()


class Hooked:
    """What calls hooks as a runner does."""

    def call_hook(self, fn_name: str) -> None:
        """Fail."""
        raise KeyError(fn_name)


def fail() -> None:
    """Fail as a program does."""
    raise ZeroDivisionError('in step 3')


def test_a_traceback_of_a_running_training_is_kept() -> None:
    with pytest.raises(ZeroDivisionError), building():
        Loop(fail).run()
    with pytest.raises(KeyError), building():
        Loop(lambda: Hooked().call_hook('after_train_iter')).run()


def test_what_hooks_raise_before_the_first_iteration_is_the_configs() -> None:
    with (
        pytest.raises(ConfigError, match=r'before_train \(KeyError; SR4IR_TRACEBACK=1'),
        building(),
    ):
        Loop(lambda: Hooked().call_hook('before_train')).run()


@pytest.mark.parametrize('error', [DataError('a.png is cut off'), FileNotFoundError(2, 'no', 'a')])
def test_what_is_clear_already_stays(error: Exception) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised, building():
        fail()
    assert raised.value is error


def test_a_loader_that_cannot_be_built_is_named() -> None:
    def build_dataloader(dataloader: dict) -> None:
        raise ValueError('it needs workers')

    cfg = dict(train_dataloader=dict(num_workers=0), val_dataloader=dict(num_workers=1))
    with (
        pytest.raises(ConfigError, match=r'^train_dataloader: .*: it needs workers'),
        building(cfg),
    ):
        build_dataloader(cfg['train_dataloader'])
