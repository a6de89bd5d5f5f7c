# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The pixel loss, and how a phase weighs and names its terms."""

import numpy as np
import pytest
import torch

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models import SR4IR
from tests.utils.samples import TINY_EDSR, build_model, det_batch, phase_losses


@pytest.fixture
def model() -> SR4IR:
    return build_model(task=None, sr=TINY_EDSR)


def test_is_the_mean_absolute_difference_padding_included(model: SR4IR) -> None:
    data = model.data_preprocessor(det_batch())
    sr, hr = model(**data).detach().double().numpy(), data['inputs']['hr'].double().numpy()
    assert hr.shape[-2:] == (64, 96)
    terms = phase_losses(model, data, update={'sr'}, losses=dict(pixel=dict(sr=1.0)))
    assert terms.keys() == {'loss_pixel'}
    assert terms['loss_pixel'].item() == pytest.approx(np.abs(sr - hr).mean(), rel=1e-5)


def test_is_not_clamped(model: SR4IR) -> None:
    data = model.data_preprocessor(det_batch())
    with torch.no_grad():
        model.sr.conv_last.bias += 10
    terms = phase_losses(model, data, update={'sr'}, losses=dict(pixel=dict(sr=1.0)))
    sr = model(**data)
    assert sr.min() > 2  # all of it lies outside of [0, 1]
    torch.testing.assert_close(terms['loss_pixel'], (sr - data['inputs']['hr']).abs().mean())


def test_weights_and_names_of_terms(model: SR4IR) -> None:
    data = model.data_preprocessor(det_batch())
    losses = dict(pixel=dict(sr=0.25, cqmix=1.0, hr=1.0))
    model.cqmix.prob = 1
    terms = phase_losses(model, data, update={'sr'}, losses=losses)
    assert list(terms) == ['loss_pixel', 'cqmix.loss_pixel', 'hr.loss_pixel']
    assert terms['loss_pixel'].item() == pytest.approx(terms['cqmix.loss_pixel'].item() / 4)
    assert terms['hr.loss_pixel'] == 0


def test_images_of_an_unknown_type(model: SR4IR) -> None:
    data = model.data_preprocessor(det_batch())
    with pytest.raises(ConfigError, match="'mr' images.*hr, lr, bilinear, sr, cqmix"):
        phase_losses(model, data, update={'sr'}, losses=dict(pixel=dict(mr=1.0)))
