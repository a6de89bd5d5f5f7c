# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Options of the tools that change how a config is computed reach the config, alone or together."""

from argparse import ArgumentParser
from copy import deepcopy

import pytest
from mmengine.config import Config

from sr4ir_mm.apis.switches import add_switches, apply_switches
from tests.utils.tiny import ROOT

CFG = Config.fromfile(ROOT / 'configs/sr4ir/cls_cars_edsr_x4.py')


def switched(*argv: str) -> Config:
    parser = ArgumentParser()
    add_switches(parser)
    cfg = deepcopy(CFG)
    apply_switches(cfg, parser.parse_args(argv))
    return cfg


def test_nothing_is_switched_by_itself() -> None:
    assert switched().to_dict() == CFG.to_dict()


@pytest.mark.parametrize('others', [(), ('--amp', 'bf16')])
def test_fast_and_compile(others: tuple[str, ...]) -> None:
    cfg = switched('--fast', '--compile', *others)
    assert cfg.model.fast is True
    assert cfg.compile is True
    kind = 'BFloat16OptimWrapper' if others else 'OptimWrapper'
    assert cfg.optim_wrapper.sr.type == cfg.optim_wrapper.task.type == kind


def test_arguments_of_the_compiler_stay() -> None:
    cfg = deepcopy(CFG)
    cfg.compile = dict(dynamic=True)
    parser = ArgumentParser()
    add_switches(parser)
    apply_switches(cfg, parser.parse_args(['--compile']))
    assert cfg.compile == dict(dynamic=True)
