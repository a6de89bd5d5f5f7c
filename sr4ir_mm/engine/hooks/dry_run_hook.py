# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Find what a run would only come to later, before it begins."""

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any

import torch
from mmengine.dataset import Compose
from mmengine.evaluator import DumpResults
from mmengine.evaluator.metric import _to_cpu
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.runner.amp import autocast
from torch.utils.data import DataLoader, IterableDataset

from sr4ir_mm.engine.runner import run_phase
from sr4ir_mm.engine.runner.alternating_loop import AlternatingLoop
from sr4ir_mm.engine.untouched import (
    private_copy,
    private_metric,
    private_pipelines,
    quiet,
    untouched_hub,
)
from sr4ir_mm.errors import NonFiniteLossError, SR4IRError, named_errors
from sr4ir_mm.models import SR4IR
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.utils.random_state import kept_random_state

from .safe_checkpoint_hook import SafeCheckpointHook

IMAGES = 2
"""As many are tried; batch norm of single values needs more than one."""


@HOOKS.register_module()
class DryRunHook(Hook):
    """Compute each phase, whenever it begins, and a validation or test, on the first images.

    So an image type, a layer, a number of weights or of classes that does not fit comes up at
    once, and not after the warm-up or the first epoch; a metric or a figure for ``save_best`` that
    does not exist, too. It takes less than an iteration and a validation of a batch each, starts no
    loading process, and leaves no trace: it works on copies of the model, of the transforms and of
    the metrics, the random generators are set back, and no log keeps anything. Losses that a hook
    holds back are computed, too. Data sets without an order, which cannot be looked at without
    being advanced, are left alone.

    ``default_hooks = dict(dry_run=None)`` leaves it out.

    Raises:
        ModelError: A net, a loss or a metric failed.
        ConfigError: A phase does not fit the model, or ``save_best`` the metrics.
    """

    priority = 'LOW'  # after the data sets were checked, before anything is moved or written

    def before_train(self, runner: Runner) -> None:
        """Try all phases and, if the run is validated, a validation."""
        if not isinstance(runner.train_loop, AlternatingLoop):
            return
        with _trial(runner) as model:
            batch = _first_batch(runner.train_loop.dataloader, 'train_dataloader')
            if batch is not None:
                self._try_phases(runner, model.train(), batch)
            if runner.val_loop is not None:
                figures = _try_evaluation(runner.val_loop, model.eval(), 'val')
                for hook in runner.hooks:
                    if isinstance(hook, SafeCheckpointHook) and figures is not None:
                        hook.check_figures(runner, figures)

    def before_test(self, runner: Runner) -> None:
        """Try a test."""
        if isinstance(unwrap(runner.model), SR4IR):
            with _trial(runner) as model:
                _try_evaluation(runner.test_loop, model.eval(), 'test')

    @staticmethod
    def _try_phases(runner: Runner, model: SR4IR, batch: Any) -> None:
        data = model.data_preprocessor(batch, True)
        for phase in runner.train_loop.phases:
            with ExitStack() as stack:
                for name in phase.update:  # for their precision
                    wrapper = runner.optim_wrapper[name]
                    stack.enter_context(wrapper.optim_context(model.net(name)))
                # The first images need not be in the first batch: training will tell.
                stack.enter_context(suppress(NonFiniteLossError))
                run_phase(model, phase, data)
            model.zero_grad()


@contextmanager
def _trial(runner: Runner) -> Iterator[SR4IR]:
    """Give a copy of the model, which leaves no trace."""
    with kept_random_state(), untouched_hub(runner.message_hub):
        with named_errors('dry run, copying the model'):
            model = private_copy(unwrap(runner.model))
        with quiet():
            yield model
    del model
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@torch.no_grad()
def _try_evaluation(loop: Any, model: SR4IR, split: str) -> dict[str, Any] | None:
    """Give the figures of the first images; None where there are no images, or a metric needs more.

    A metric may be right and yet fail on so few images; but then not for its arguments.
    """
    batch = _first_batch(loop.dataloader, f'{split}_dataloader')
    if batch is None:
        return None
    if model.task is not None:
        model.adapter('task').keep_all()
    what = 'validation' if split == 'val' else split
    with named_errors(what), autocast(enabled=loop.fp16):
        outputs = model.val_step(batch)
    figures: dict[str, Any] | None = {}
    for metric in map(private_metric, loop.evaluator.metrics):
        with named_errors(f'{what}, {type(metric).__name__}'):
            metric.process(batch, [sample.to_dict() for sample in outputs])
            if isinstance(metric, DumpResults):
                continue  # it writes
            try:
                found = metric.compute_metrics(_to_cpu(metric.results))
            except (ArithmeticError, IndexError, RuntimeError, ValueError):
                figures = None
                continue
        if figures is not None:
            prefix = f'{metric.prefix}/' if metric.prefix else ''
            figures |= {f'{prefix}{name}': value for name, value in found.items()}
    return figures


def _first_batch(loader: DataLoader, name: str) -> Any:
    """Load the first images in this process, past the sampler, which goes on from where it is."""
    dataset: Any = loader.dataset
    if isinstance(dataset, IterableDataset) or not len(dataset):
        return None
    number = min(getattr(loader.batch_sampler, 'batch_size', IMAGES), IMAGES, len(dataset))
    with named_errors(name), private_pipelines(dataset):
        try:
            return loader.collate_fn([dataset[index] for index in range(number)])
        except Exception as error:
            transforms = [t for t in map(_transform, traceback.walk_tb(error.__traceback__)) if t]
            if not transforms or isinstance(error, SR4IRError):
                raise
            with named_errors(transforms[-1]):
                raise


def _transform(place: tuple[FrameType, int]) -> str:
    """Name the transform that a pipeline was at."""
    found = place[0].f_locals
    pipeline = found.get('self')
    if not isinstance(pipeline, Compose) or 't' not in found:
        return ''
    return f'{type(found["t"]).__name__}, transform {pipeline.transforms.index(found["t"])}'
