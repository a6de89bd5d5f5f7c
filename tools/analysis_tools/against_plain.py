# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Our step and the plain one, side by side on the same batch."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from copy import deepcopy
from statistics import median
from typing import Any

import torch
from measure import count, matrix_peak, now, peak_memory, reset_peak_memory
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.registry import DefaultScope
from plain_step import PlainStep
from rich.progress import track
from served import Served, tell
from synthetic import calibrate, make_batch

from sr4ir_mm.engine.hooks import TF32Hook
from sr4ir_mm.engine.optimizers import PerNetOptimWrapperConstructor
from sr4ir_mm.engine.runner import Phase, run_phase
from sr4ir_mm.engine.runner.trained_nets import wrappers_of_trained
from sr4ir_mm.models.compile_nets import compile_nets
from sr4ir_mm.registry import HOOKS, MODELS
from sr4ir_mm.utils.freed_memory import freed_memory_kept

Step = Callable[[], Any]
PLAIN = dict(init=None, fast=False, memory_format='contiguous', checkpoint_sr=False)
"""What the plain step's model has; ours is as the config says."""


def build_model(cfg: Config) -> Any:
    """Build a config's model at random, on the device, in train mode."""
    MMLogger.get_current_instance().setLevel('ERROR')  # or it tells of each parameter
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    model.init_weights()
    return model.to('cuda' if torch.cuda.is_available() else 'cpu').train()


def build_plain(cfg: Config, batch_size: int) -> Step:
    """Build the plain step on a batch."""
    cfg = deepcopy(cfg)
    cfg.model.update(PLAIN)
    model = build_model(cfg)
    batch = make_batch(cfg, model, batch_size)
    step = PlainStep(cfg, model)

    def run() -> dict[str, float]:
        data = model.data_preprocessor(batch, True)
        return step(data['inputs']['hr'], data['data_samples'])

    _calibrate(model, batch)
    return run


def build_ours(cfg: Config, batch_size: int) -> Step:
    """Build the step of the training loop on a batch."""
    cfg = deepcopy(cfg)
    cfg.model.init = None
    model = build_model(cfg)
    model.with_statistics = False  # as in most iterations of a run
    batch = make_batch(cfg, model, batch_size)
    phases = [Phase.from_cfg(phase) for phase in cfg.phases]
    entries = dict(wrappers_of_trained(cfg.optim_wrapper, model, phases))
    entries.pop('constructor')
    wrappers = PerNetOptimWrapperConstructor(entries)(model)
    _calibrate(model, batch)
    compile_nets({name: model.net(name) for name in model.net_names}, cfg.get('compile'))

    def run() -> dict[str, float]:
        with _tf32(cfg):
            data = model.data_preprocessor(batch, True)
            return {
                name: value
                for phase in phases
                for name, value in run_phase(model, phase, data, wrappers).items()
            }

    return run


STEPS = dict(plain=build_plain, ours=build_ours)


def serve(cfg: Config, name: str, batch_size: int) -> None:
    """Run one of the two when a line comes in and tell its seconds; in the end tell the rest.

    Args:
        cfg (Config): Of SR4IR.
        name (str): 'plain' or 'ours'.
        batch_size (int): Images in a batch.
    """
    cfg = _standing_still(cfg)
    ours = name == 'ours'
    kept = ours and cfg.model.get('fast') and not torch.cuda.is_available()
    with (
        DefaultScope.overwrite_default_scope('sr4ir_mm'),
        freed_memory_kept() if kept else nullcontext(),
    ):
        step = STEPS[name](cfg, batch_size)
        reset_peak_memory()
        tell('ready')
        for _ in sys.stdin:
            begin = now()
            step()
            tell(now() - begin)
        memory = peak_memory()
        operations, flops = count(step)
        with _tf32(cfg) if ours else nullcontext():
            peak = matrix_peak(_number_type(cfg) if ours else torch.float32)
    tell(dict(peak_memory=memory, operations=operations, flops=flops, matrix_peak=peak))


def compare(commands: Mapping[str, Sequence[str]], iterations: int, warmup: int) -> dict[str, Any]:
    """Time both, one iteration of each in turn, so that what else the machine does meets both.

    Each has a process of its own, with its own peak of memory, and waits while the other computes.

    Args:
        commands (Mapping[str, Sequence[str]]): By 'plain' and 'ours', a command that serves it.
        iterations (int): Timed ones.
        warmup (int): Iterations before those.

    Returns:
        dict[str, Any]: ``ratio`` of ours to the plain one, and of each what :func:`serve` tells and
            the median of its ``seconds``.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    with ExitStack() as stack:
        served = {name: stack.enter_context(Served(words)) for name, words in commands.items()}
        for process in served.values():
            process.hear()
        for _ in track(range(warmup + iterations), 'both steps in turn'):
            for name, process in served.items():
                times[name].append(process.step())
        report: dict[str, Any] = {name: process.end() for name, process in served.items()}
    for name, seconds in times.items():
        report[name]['seconds'] = median(seconds[warmup:])
    # The median of ratios, for two neighbours in time share the machine's state.
    pairs = zip(*(times[name][warmup:] for name in ('ours', 'plain')), strict=True)
    report['ratio'] = median(ours / plain for ours, plain in pairs)
    return report


def _standing_still(cfg: Config) -> Config:
    """Copy a config with rates of zero: at random and without a warm-up a detector diverges."""
    cfg = deepcopy(cfg)
    for wrapper in cfg.optim_wrapper.values():
        if isinstance(wrapper, dict):
            wrapper['optimizer']['lr'] = 0.0
    return cfg


@contextmanager
def _tf32(cfg: Config) -> Iterator[None]:
    """Round as the config's TF32Hook lets a run do, for this step alone."""
    hook = dict(cfg.default_hooks.get('tf32') or {})
    if hook:
        HOOKS.build(hook).before_run(None)
    try:
        yield
    finally:
        if hook:  # PyTorch's own choice
            TF32Hook(products=False).before_run(None)


def _number_type(cfg: Config) -> torch.dtype:
    """Give the type that most products of our step are computed in."""
    kinds = {
        wrapper.get('type') for wrapper in cfg.optim_wrapper.values() if isinstance(wrapper, dict)
    }
    if 'BFloat16OptimWrapper' in kinds:
        return torch.bfloat16
    return torch.float16 if 'AmpOptimWrapper' in kinds else torch.float32


def _calibrate(model: Any, batch: dict) -> None:
    adapter = model.adapter('task')
    images = model.batch(**model.data_preprocessor(deepcopy(batch), True)).crops('hr')
    calibrate(model.task, lambda: adapter.extract_feat(adapter.feature_inputs(images)))
