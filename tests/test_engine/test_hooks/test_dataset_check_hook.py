# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Data are checked before a run, by themselves and against each other."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from mmengine.dataset import BaseDataset, ConcatDataset

from sr4ir_mm.engine.hooks import DatasetCheckHook
from sr4ir_mm.errors import ConfigError


class Numbers(BaseDataset):
    """Samples that are but paths."""

    def __init__(self, paths: str = 'x', classes: str = '') -> None:
        self.paths = paths
        super().__init__(metainfo=dict(classes=tuple(classes)))

    def load_data_list(self) -> list[dict]:
        return [dict(img_path=path) for path in self.paths]


class Run(SimpleNamespace):
    """Stands in for the runner; keeps what is checked and said."""

    def __init__(self, task: bool = True, notes: tuple[str, ...] = (), **datasets: Any) -> None:
        self.checked: list[BaseDataset] = []
        self.said: list[str] = []
        self.notes = list(notes)
        self.model = torch.nn.Module()
        self.model.task = torch.nn.Identity() if task else None
        self.metrics = ['a metric']
        self.measured: list[tuple[str, BaseDataset]] = []
        adapter = SimpleNamespace(check_dataset=self.check, check_metric=self.measure)
        self.model.adapter = lambda name: adapter
        self.logger = SimpleNamespace(warning=self.said.append)
        loops = dict.fromkeys(('train_loop', 'val_loop', 'test_loop'))
        for split, dataset in datasets.items():
            loops[f'{split}_loop'] = SimpleNamespace(
                dataloader=SimpleNamespace(dataset=dataset),
                evaluator=SimpleNamespace(metrics=self.metrics),
            )
        super().__init__(**loops)

    def check(self, dataset: BaseDataset) -> list[str]:
        self.checked.append(dataset)
        return self.notes

    def measure(self, metric: str, dataset: BaseDataset) -> None:
        self.measured.append((metric, dataset))


def test_every_data_set_within_wrappers_is_checked() -> None:
    datasets = [Numbers(), Numbers()]
    run = Run(test=ConcatDataset(datasets))
    DatasetCheckHook().before_test(run)
    assert run.checked == datasets
    assert run.measured == [('a metric', dataset) for dataset in datasets]
    assert run.said == []


def test_all_that_there_is_to_know_is_one_warning() -> None:
    run = Run(train=Numbers('abcdefgh'), val=Numbers('cdefghij'), notes=('one', 'two'))
    DatasetCheckHook().before_train(run)
    (said,) = run.said
    assert said.splitlines()[1:] == [
        *['  one', '  two'],  # of both sets
        '  6 of 8 images to validate on are trained on (c, d, e, f, g, ...)',
    ]


@pytest.mark.parametrize(
    ('train', 'val', 'message'),
    [('abc', 'acb', "label 1 is 'b' and 'c'"), ('abc', 'ab', '3 and 2 of them')],
)
def test_classes_that_differ_between_train_and_val_are_refused(
    train: str, val: str, message: str
) -> None:
    run = Run(train=Numbers('x', train), val=Numbers('y', val))
    with pytest.raises(ConfigError, match=f'train_dataloader and val_dataloader.*{message}'):
        DatasetCheckHook().before_train(run)
    without_labels = Run(task=False, train=Numbers('x', train), val=Numbers('y', val))
    DatasetCheckHook().before_train(without_labels)
    assert without_labels.checked == []


def test_classes_of_the_checkpoint_are_compared() -> None:
    hook, run = DatasetCheckHook(), Run(test=Numbers('x', 'ab'))
    hook.after_load_checkpoint(run, dict(meta=dict(dataset_meta=dict(classes=('b', 'a')))))
    hook.before_test(run)
    assert "the checkpoint was trained with other classes: label 0 is 'b' and 'a'" in run.said[0]
    hook.after_load_checkpoint(run, dict(state_dict={}))
    hook.before_test(run)
    assert len(run.said) == 1
