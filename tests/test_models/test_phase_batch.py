# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Images are made when they are asked for, once, and with a graph only where it serves."""

import gc
import weakref
from contextlib import nullcontext

import pytest
import torch

from sr4ir_mm.errors import ConfigError, ModelError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.utils.nets import frozen
from tests.utils.samples import TINY_EDSR, build_model, det_batch, phase_losses


@pytest.fixture
def model() -> SR4IR:
    return build_model()


@pytest.fixture
def data(model: SR4IR) -> dict:
    return model.data_preprocessor(det_batch(), True)


def count_calls(module: torch.nn.Module) -> list:
    calls = []
    module.register_forward_hook(lambda *args: calls.append(args[-1]))
    return calls


def test_phase_on_hr_runs_neither_degradation_nor_sr(model: SR4IR, data: dict) -> None:
    lr, sr = count_calls(model.degradation), count_calls(model.sr)
    terms = phase_losses(model, data, update={'task'}, losses=dict(task=dict(hr=1.0)))
    assert terms.keys() == {'hr.loss_cls', 'hr.loss_bbox', 'hr.loss_centerness'}
    assert not lr
    assert not sr


def test_each_image_type_is_made_once_a_phase_and_lr_once_a_batch(model: SR4IR, data: dict) -> None:
    lr, sr = count_calls(model.degradation), count_calls(model.sr)
    losses = dict(pixel=dict(sr=1.0, cqmix=1.0), tdp=dict(sr=1.0))
    phase_losses(model, data, update={'sr'}, losses=losses)
    assert (len(lr), len(sr)) == (1, 1)
    phase_losses(model, data, update={'task'}, losses=dict(task=dict(sr=1.0, cqmix=1.0)))
    assert (len(lr), len(sr)) == (1, 2)


def test_features_are_extracted_once_a_phase(model: SR4IR, data: dict) -> None:
    calls = count_calls(model.task.backbone)
    batch = model.batch(**data)
    once = batch.task.features('hr', (0,))
    assert batch.task.features('hr', [0]) is once
    batch.task.features('sr', (0,))
    assert len(calls) == 2
    batch.task.features('hr', (0, 1))
    model.batch(**data).task.features('hr', (0,))
    assert len(calls) == 4


@pytest.mark.parametrize('graph', [True, False])
def test_images_have_a_graph_only_where_sr_is_not_frozen(
    model: SR4IR, data: dict, graph: bool
) -> None:
    with nullcontext() if graph else frozen(model.sr):
        batch = model.batch(data['inputs'], data['data_samples'])
        assert batch.image('sr').requires_grad is graph
        assert batch.image('cqmix').requires_grad is graph
        assert not batch.image('lr').requires_grad
        assert not batch.image('hr').requires_grad


def test_stored_lr_images_are_used(model: SR4IR, data: dict) -> None:
    calls = count_calls(model.degradation)
    data['inputs']['lr'] = torch.rand(2, 3, 16, 24)
    batch = model.batch(data['inputs'], data['data_samples'])
    assert batch.image('lr') is data['inputs']['lr']
    with torch.no_grad():
        assert torch.equal(batch.image('sr'), model.sr(data['inputs']['lr']))
    assert not calls


def test_crops_are_views_without_padding(model: SR4IR, data: dict) -> None:
    batch = model.batch(data['inputs'], data['data_samples'])
    crops = batch.crops('hr')
    assert [tuple(crop.shape) for crop in crops] == [(3, 64, 96), (3, 50, 70)]
    assert crops[1].data_ptr() == batch.image('hr')[1].data_ptr()


@pytest.mark.parametrize('upscale', [2, 8])
def test_sr_net_of_another_factor(upscale: int) -> None:
    with pytest.raises(ConfigError, match=r'its factor must be model\.scale = 4'):
        build_model(task=None, sr=dict(TINY_EDSR, upscale_factor=upscale))


def test_sr_images_without_an_sr_net() -> None:
    model = build_model(task=None, sr=None)
    data = model.data_preprocessor(det_batch(), True)
    with pytest.raises(ConfigError, match=r'model\.sr is None'):
        model(**data)


def test_losses_belong_to_phases(model: SR4IR, data: dict) -> None:
    with pytest.raises(ConfigError, match="'loss'.*phases"):
        model(**data, mode='loss')


def test_targets_stay_as_they_are(model: SR4IR, data: dict) -> None:
    before = [sample.clone() for sample in data['data_samples']]
    losses = dict(task=dict(sr=1.0, hr=1.0, cqmix=1.0))
    phase_losses(model, data, update={'task'}, losses=losses)
    for sample, old in zip(data['data_samples'], before, strict=True):
        assert sample.metainfo == old.metainfo
        assert sample.keys() == old.keys()
        assert torch.equal(sample.gt_instances.bboxes, old.gt_instances.bboxes)


def test_predictions_carry_the_images_without_padding(model: SR4IR, data: dict) -> None:
    model.eval()
    results = model(**data, mode='predict')
    for result, (height, width) in zip(results, [(64, 96), (50, 70)], strict=True):
        assert result.sr.shape == result.hr.shape == (3, height, width)
        assert not result.sr.requires_grad
        assert 'pred_instances' in result
    model.compare_padded = True
    assert model(**data, mode='predict')[1].sr.shape == (3, 64, 96)


def test_oracle_is_tested_on_hr_images() -> None:
    model = build_model(sr=None, predict_on='hr').eval()
    data = model.data_preprocessor(det_batch(), True)
    result = model(**data, mode='predict')[1]
    assert torch.equal(result.sr, result.hr)
    assert 'lr' not in result


@pytest.mark.parametrize('loss', ['task', 'tdp'])
def test_a_net_that_is_missing_is_named(loss: str) -> None:
    model = build_model(task=None)
    data = model.data_preprocessor(det_batch(), True)
    with pytest.raises(ConfigError, match=r"the net 'task', but the model has none.*model\.task"):
        phase_losses(model, data, update={'sr'}, losses={loss: dict(sr=1.0)})


@pytest.mark.parametrize('side', [0, 4])
def test_errors_over_sizes_say_what_pads(side: int, model: SR4IR, data: dict) -> None:
    """Of maps that are too small, and of such that do not fit; of nothing else."""

    def small(images: torch.Tensor) -> list[torch.Tensor]:
        maps = images[..., :side, :2]
        if side:
            return [maps + images]
        return [torch.nn.functional.conv2d(maps[..., :1, :], torch.ones(1, 3, 3, 3))]

    def other(images: torch.Tensor) -> list[torch.Tensor]:
        raise RuntimeError('no kernel image is available')

    model.task.extract_feat = small
    with pytest.raises(ModelError, match=r'pad_size_divisor=32\) in model.task'):
        model.batch(**data).task.features('hr', (0,))
    model.task.extract_feat = other
    with pytest.raises(ModelError, match='no kernel image is available$'):
        model.batch(**data).task.features('hr', (0,))


def test_errors_over_sizes_name_parts_of_a_fixed_size(model: SR4IR, data: dict) -> None:
    model.task.backbone.img_size = (640, 512)

    def positions(images: torch.Tensor) -> list[torch.Tensor]:
        return [images + torch.zeros(1, 3, 640, 512)]

    model.task.extract_feat = positions
    with pytest.raises(ModelError, match=r'is built for images of \(640, 512\) \(img_size\)\.$'):
        model.batch(**data).task.features('hr', (0,))


def test_a_batch_is_freed_as_soon_as_its_losses_are_there(model: SR4IR, data: dict) -> None:
    """And not when Python next looks for circles, or several iterations are in memory."""
    gc.disable()
    try:
        batch = model.batch(**data, update={'sr'})
        terms = batch.terms(model.losses, dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0)))
        images = [weakref.ref(batch.image(name)) for name in ('lr', 'sr')]
        images += [weakref.ref(maps) for maps in batch.task.features('sr')]
        held = weakref.ref(batch)
        del batch, data['inputs']['lr']
        assert held() is None
        model.parse_losses(terms)[0].backward()
        del terms
        assert [ref() for ref in images] == [None] * len(images)
    finally:
        gc.enable()
