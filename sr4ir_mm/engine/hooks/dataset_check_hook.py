# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Find what is wrong with the data before time is spent on it."""

from collections.abc import Iterator

from mmengine.dataset import BaseDataset
from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class DatasetCheckHook(Hook):
    """Let the task adapter check each data set at the start of training and of testing."""

    def before_train(self, runner: Runner) -> None:
        """Check training data, and validation data where there are any."""
        self._check(runner, runner.train_loop)
        if runner.val_loop is not None:
            self._check(runner, runner.val_loop)

    def before_val(self, runner: Runner) -> None:
        """Check validation data of a run that does nothing else."""
        if runner._train_loop is None:
            self._check(runner, runner.val_loop)

    def before_test(self, runner: Runner) -> None:
        """Check test data."""
        self._check(runner, runner.test_loop)

    @staticmethod
    def _check(runner: Runner, loop: object) -> None:
        model = unwrap(runner.model)
        if model.task is not None:
            for dataset in _leaves(loop.dataloader.dataset):  # type: ignore[attr-defined]
                model.adapter('task').check_dataset(dataset)


def _leaves(dataset: object) -> Iterator[BaseDataset]:
    """Walk through wrappers such as ConcatDataset and RepeatDataset."""
    if isinstance(dataset, BaseDataset):
        yield dataset
    for inner in getattr(dataset, 'datasets', None) or [getattr(dataset, 'dataset', None)]:
        if inner is not None:
            yield from _leaves(inner)
