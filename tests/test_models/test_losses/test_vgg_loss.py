# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The distance in a fixed VGG, from its own layers."""

from pathlib import Path

import pytest
import torch
from torchvision.models.vgg import cfgs, make_layers

from sr4ir_mm.errors import CheckpointError
from tests.utils.samples import TINY_EDSR, build_model, det_batch, parameters, reached
from tests.utils.tiny import save_vgg

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def loss_cfg(weights: object) -> dict:
    layer_weights = {'2': 0.5, '5': 2.0}
    return dict(type='VGGLoss', vgg_type='vgg11', layer_weights=layer_weights, weights=str(weights))


def test_equals_weighted_distances_of_its_layers(tmp_path: Path) -> None:
    path = save_vgg(tmp_path / 'vgg.pth')
    model = build_model(sr=TINY_EDSR, losses=dict(vgg=loss_cfg(path)))
    data = model.data_preprocessor(det_batch(), True)
    batch = model.batch(**data, update={'sr'})
    loss = model.losses['vgg'](batch, 'sr')
    layers = make_layers(cfgs['A'])
    state = torch.load(path, weights_only=True)
    layers.load_state_dict({key[9:]: value for key, value in state.items()})
    sr, hr = ((batch.image(name) - MEAN) / STD for name in ('sr', 'hr'))
    expected = torch.zeros(())
    for index, layer in enumerate(layers[:6]):
        # Convolutions are compared before the ReLU after them, which works in place.
        sr, hr = layer(sr.clone()), layer(hr.clone())
        weight = {2: 0.5, 5: 2.0}.get(index, 0)
        expected = expected + weight * (sr - hr).abs().mean()
    torch.testing.assert_close(loss, expected, atol=1e-5, rtol=1e-4)
    loss.backward()
    assert reached(model.sr) == parameters(model.sr)
    assert not any('vgg' in key for key in model.state_dict())  # not saved with every checkpoint


def test_weights_that_lack_a_layer_are_refused(tmp_path: Path) -> None:
    path = save_vgg(tmp_path / 'vgg.pth')
    state = torch.load(path, weights_only=True)
    del state['features.3.bias']
    torch.save(state, path)
    model = build_model(sr=TINY_EDSR, losses=dict(vgg=loss_cfg(path)))
    batch = model.batch(**model.data_preprocessor(det_batch(), True), update={'sr'})
    with pytest.raises(CheckpointError, match=r'vgg\.pth, for model.*1 missing \(3\.bias\)'):
        model.losses['vgg'](batch, 'sr')
