# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The task model's own losses, weighed and named by a phase."""

import pytest
import torch

from sr4ir_mm.models import SR4IR
from tests.utils.samples import build_model, det_batch, phase_losses


@pytest.fixture
def model() -> SR4IR:
    return build_model()


def test_terms_are_the_task_models_own_times_the_weight(model: SR4IR) -> None:
    data = model.data_preprocessor(det_batch(), True)
    terms = phase_losses(model, data, update={'task'}, losses=dict(task=dict(hr=0.34)))
    # BGR in 0..255, without padding, to the detector's own preprocessor and loss.
    images = [image.float() for image in det_batch()['inputs']]
    batch = dict(inputs=images, data_samples=det_batch()['data_samples'])
    for sample in batch['data_samples']:
        sample.set_metainfo(dict(scale_factor=(1.0, 1.0)))
    own = model.task(**model.task.data_preprocessor(batch, True), mode='loss')
    assert terms.keys() == {f'hr.{name}' for name in own}
    for name, value in own.items():
        torch.testing.assert_close(terms[f'hr.{name}'], value * 0.34)


def test_lists_are_weighed_and_statistics_are_not(
    model: SR4IR, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = torch.ones(())
    monkeypatch.setattr(
        model._adapters['task'], 'loss', lambda *args: {'loss_a': [one, 2 * one], 'acc': 3 * one}
    )
    data = model.data_preprocessor(det_batch(), True)
    terms = phase_losses(model, data, update={'task'}, losses=dict(task=dict(sr=0.5, hr=2.0)))
    assert terms == {
        'sr.loss_a': [0.5, 1],
        'sr.acc': 3,
        'hr.loss_a': [2, 4],
        'hr.acc': 3,
    }
