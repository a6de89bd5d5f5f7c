# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Our step and the plain one, side by side on the same batch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from statistics import median
from typing import Any

import torch
from measure import Stopwatch, count, matrix_peak, peak_memory, reset_peak_memory
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.registry import DefaultScope
from plain_step import PlainStep
from rich.progress import track
from synthetic import calibrate, make_batch

from sr4ir_mm.engine.hooks import TF32Hook
from sr4ir_mm.engine.optimizers import PerNetOptimWrapperConstructor
from sr4ir_mm.engine.runner import Phase, run_phase
from sr4ir_mm.engine.runner.trained_nets import wrappers_of_trained
from sr4ir_mm.models.compile_nets import compile_nets
from sr4ir_mm.registry import HOOKS, MODELS

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


def compare(cfg: Config, batch_size: int, iterations: int, warmup: int) -> dict[str, Any]:
    """Time both, one iteration of each in turn, so that what else the machine does meets both.

    Args:
        cfg (Config): Of SR4IR.
        batch_size (int): Images in a batch.
        iterations (int): Timed ones.
        warmup (int): Iterations before those.

    Returns:
        dict[str, Any]: ``ratio`` of ours to the plain one; for each, seconds, images per second,
            operations and the part of the machine's ``matrix_peak`` that it computes at, each in
            the numbers that it computes with.
    """
    cfg = _standing_still(cfg)
    with DefaultScope.overwrite_default_scope('sr4ir_mm'):
        steps = {name: build(cfg, batch_size) for name, build in STEPS.items()}
    watch = Stopwatch()
    for _ in track(range(warmup + iterations), f'batches of {batch_size}, both steps'):
        for name, step in steps.items():
            with watch(name):
                step()
    peaks = dict(plain=matrix_peak(torch.float32))
    with _tf32(cfg):
        peaks['ours'] = matrix_peak(_number_type(cfg))
    report: dict[str, Any] = {}
    for name, step in steps.items():
        seconds = median(watch.times[name][warmup:])
        operations, flops = count(step)
        report[name] = dict(
            seconds=seconds,
            images_per_second=batch_size / seconds,
            operations=operations,
            flops=flops,
            matrix_peak=peaks[name],
            share_of_peak=flops / seconds / peaks[name],
        )
    # The median of ratios, for two neighbours in time share the machine's state.
    pairs = zip(*(watch.times[name][warmup:] for name in ('ours', 'plain')), strict=True)
    report['ratio'] = median(ours / plain for ours, plain in pairs)
    return report


def measure_memory(cfg: Config, name: str, batch_size: int) -> int:
    """Measure one of the two, in a process that does nothing else.

    Args:
        cfg (Config): Of SR4IR.
        name (str): 'plain' or 'ours'.
        batch_size (int): Images in a batch.

    Returns:
        int: The peak in bytes, of the device or, without a GPU, of the process, whose libraries
            are counted then.
    """
    with DefaultScope.overwrite_default_scope('sr4ir_mm'):
        step = STEPS[name](_standing_still(cfg), batch_size)
    reset_peak_memory()
    for _ in range(2):
        step()
    return peak_memory()


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
