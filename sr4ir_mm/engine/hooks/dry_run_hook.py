# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Find what a run would only come to later, before it begins."""

from contextlib import ExitStack, suppress
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner, ValLoop
from mmengine.runner.amp import autocast
from torch.utils.data import DataLoader, IterableDataset

from sr4ir_mm.engine.runner import run_phase
from sr4ir_mm.engine.runner.alternating_loop import AlternatingLoop
from sr4ir_mm.engine.untouched import (
    private_copy,
    private_pipelines,
    quiet,
    untouched_hub,
    untouched_results,
)
from sr4ir_mm.errors import NonFiniteLossError, named_errors
from sr4ir_mm.models import SR4IR
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.utils.random_state import kept_random_state

IMAGES = 2
"""As many are tried; batch norm of single values needs more than one."""


@HOOKS.register_module()
class DryRunHook(Hook):
    """Compute each phase, whenever it begins, and a validation, on the first images.

    So an image type, a layer, a number of weights or of classes that does not fit comes up at
    once, and not after the warm-up or the first epoch. It takes less than an iteration and a
    validation of a batch each, starts no loading process, and leaves no trace: it works on copies
    of the model and of the transforms, the random generators are set back, and neither logs nor
    metrics keep anything. Losses that a hook holds back are computed, too. Data sets without an
    order, which cannot be looked at without being advanced, are left alone.

    ``default_hooks = dict(dry_run=None)`` leaves it out.

    Raises:
        ModelError: A net, a loss or a metric failed.
        ConfigError: A phase does not fit the model.
    """

    priority = 'LOW'  # after the data sets were checked, before anything is moved or written

    def before_train(self, runner: Runner) -> None:
        """Try all phases and, if the run is validated, a validation."""
        if not isinstance(runner.train_loop, AlternatingLoop):
            return
        with kept_random_state(), untouched_hub(runner.message_hub):
            batch = _first_batch(runner.train_loop.dataloader, 'train_dataloader')
            val_loop = runner.val_loop
            val_batch = val_loop and _first_batch(val_loop.dataloader, 'val_dataloader')
            with named_errors('dry run, copying the model'):
                model = private_copy(unwrap(runner.model))
            with quiet():
                if batch is not None:
                    self._try_phases(runner, model.train(), batch)
                if val_batch is not None:
                    self._try_validation(val_loop, model.eval(), val_batch)
        del model
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

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

    @staticmethod
    @torch.no_grad()
    def _try_validation(loop: ValLoop, model: SR4IR, batch: Any) -> None:
        with named_errors('validation'), autocast(enabled=loop.fp16):
            outputs = model.val_step(batch)
        with untouched_results(loop.evaluator.metrics):
            for metric in loop.evaluator.metrics:
                with named_errors(f'validation, {type(metric).__name__}'):
                    metric.process(batch, [sample.to_dict() for sample in outputs])


def _first_batch(loader: DataLoader, name: str) -> Any:
    """Load the first images in this process, past the sampler, which goes on from where it is."""
    dataset: Any = loader.dataset
    if isinstance(dataset, IterableDataset) or not len(dataset):
        return None
    number = min(getattr(loader.batch_sampler, 'batch_size', IMAGES), IMAGES, len(dataset))
    with named_errors(name), private_pipelines(dataset):
        return loader.collate_fn([dataset[index] for index in range(number)])
