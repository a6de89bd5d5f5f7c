# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Find what is wrong with the data before time is spent on it."""

import os.path as osp
from collections.abc import Iterator, Sequence

from mmengine.dataset import BaseDataset
from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.faults import Faults
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class DatasetCheckHook(Hook):
    """Let the task adapter check each data set at the start of training and of testing.

    What makes a run worthless is an error; what is left out, or may be meant, is one warning.
    ``default_hooks = dict(dataset_check=None)`` switches it off.
    """

    def __init__(self) -> None:
        self.trained: tuple[str, ...] = ()

    def before_train(self, runner: Runner) -> None:
        """Check training data, and validation data where there are any, also against each other."""
        train, val = _datasets(runner.train_loop), _datasets(runner.val_loop)
        self._check(runner, train + val, [(one, other) for one in train for other in val])
        self._check_metrics(runner, runner.val_loop)

    def before_val(self, runner: Runner) -> None:
        """Check validation data of a run that does nothing else."""
        if runner._train_loop is None:
            self._check(runner, _datasets(runner.val_loop))
            self._check_metrics(runner, runner.val_loop)

    def before_test(self, runner: Runner) -> None:
        """Check test data."""
        self._check(runner, _datasets(runner.test_loop))
        self._check_metrics(runner, runner.test_loop)

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Remember the classes that the checkpoint was trained with."""
        meta = (checkpoint.get('meta') or {}).get('dataset_meta') or {}
        self.trained = tuple(meta.get('classes') or ())

    def _check(
        self,
        runner: Runner,
        datasets: Sequence[BaseDataset],
        pairs: Sequence[tuple[BaseDataset, BaseDataset]] = (),
    ) -> None:
        model = unwrap(runner.model)
        if model.task is None:
            return
        notes = []
        for dataset in datasets:
            notes += model.adapter('task').check_dataset(dataset)
            difference = _difference(self.trained, _classes(dataset))
            if difference:
                notes.append(f'the checkpoint was trained with other classes: {difference}')
        notes += [note for pair in pairs for note in _compare(*pair)]
        if notes:
            runner.logger.warning(
                '\n  '.join(['Of the data you may want to know:', *dict.fromkeys(notes)])
            )

    def _check_metrics(self, runner: Runner, loop: object) -> None:
        model = unwrap(runner.model)
        if model.task is None or loop is None:
            return
        for metric in loop.evaluator.metrics:  # type: ignore[attr-defined]
            for dataset in _datasets(loop):
                model.adapter('task').check_metric(metric, dataset)


def _compare(train: BaseDataset, val: BaseDataset) -> list[str]:
    """Compare the classes and files of training and validation.

    Raises:
        ConfigError: Their classes differ, so that labels would not mean the same.
    """
    difference = _difference(_classes(train), _classes(val))
    if difference:
        raise ConfigError(
            f'The data sets of train_dataloader and val_dataloader have different classes: '
            f'{difference}. Give both the same metainfo.classes, or the same folders.'
        )
    faults = Faults()
    known = set(_paths(train))
    for path in _paths(val):
        if path in known:
            faults.add(f'of {len(val)} images to validate on are trained on', path)
    return [str(faults)] if faults else []


def _difference(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Name the first class in which two lists differ; '' if none does, or one list is empty."""
    if not one or not other or one == other:
        return ''
    index = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if index is None:
        return f'{len(one)} and {len(other)} of them'
    return f'label {index} is {one[index]!r} and {other[index]!r}'


def _classes(dataset: BaseDataset) -> tuple[str, ...]:
    return tuple(dataset.metainfo.get('classes') or ())


def _paths(dataset: BaseDataset) -> Iterator[str]:
    for index in range(len(dataset)):
        yield osp.normpath(dataset.get_data_info(index)['img_path'])


def _datasets(loop: object) -> list[BaseDataset]:
    return [] if loop is None else list(_leaves(loop.dataloader.dataset))  # type: ignore[attr-defined]


def _leaves(dataset: object) -> Iterator[BaseDataset]:
    """Walk through wrappers such as ConcatDataset and RepeatDataset."""
    if isinstance(dataset, BaseDataset):
        yield dataset
    for inner in getattr(dataset, 'datasets', None) or [getattr(dataset, 'dataset', None)]:
        if inner is not None:
            yield from _leaves(inner)
