# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The TDP loss against the paper's equation, and what it leaves untouched."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models import SR4IR
from sr4ir_mm.models.losses.feature_distance import feature_distance
from sr4ir_mm.registry import MODELS
from tests.utils.samples import SIZES, TINY_EDSR, build_model, det_batch, run_phase
from tests.utils.tiny import RESNET, fcos

PHASE = dict(update='sr', losses=dict(tdp=dict(sr=1.0)))


def make(norm_eval: bool = False, **tdp: Any) -> tuple[SR4IR, dict]:
    """A model with running batch norms in its FCOS, and a batch."""
    task = fcos()
    task['backbone'] = dict(_delete_=True, **dict(RESNET, norm_eval=norm_eval))
    model = build_model(task=task, losses=dict(tdp=dict(type='TDPLoss', **tdp)))
    # Running statistics of their own, so that batch statistics would show.
    with torch.no_grad():
        model.task(torch.rand(2, 3, 64, 64) * 100)
    return model, model.data_preprocessor(det_batch(), True)


def straight_feats(task: torch.nn.Module, images: np.ndarray) -> tuple[torch.Tensor, ...]:
    """Preprocess as FCOS's config says (BGR in 0..255, pad to 32), then backbone and neck."""
    mean = np.array([102.9801, 115.9465, 122.7717])[:, None, None]
    inputs = np.zeros((len(SIZES), 3, 64, 96))
    for target, image, (height, width) in zip(inputs, images, SIZES, strict=True):
        target[:, :height, :width] = image[::-1, :height, :width] * 255 - mean
    task = deepcopy(task).double().eval()
    with torch.no_grad():
        return task.neck(task.backbone(torch.from_numpy(inputs)))


def straight(model: SR4IR, data: dict, layers: Sequence[int], weights: Sequence[float]) -> float:
    sr = model.eval()(**data).detach().double().numpy()
    feats = straight_feats(model.task, sr)
    targets = straight_feats(model.task, data['inputs']['hr'].double().numpy())
    return sum(
        weight * (feats[k] - targets[k]).abs().mean().item()
        for k, weight in zip(layers, weights, strict=True)
    )


@pytest.mark.parametrize(
    ('layers', 'weights'), [((0, 1), (0.5, 0.5)), ((0, 3, -1), (0.2, 0.3, 2.0))]
)
def test_equals_the_papers_equation(layers: tuple[int, ...], weights: tuple[float, ...]) -> None:
    model, data = make(layers=layers, weights=weights)
    value = run_phase(model, data, PHASE)['loss_tdp']
    assert value == pytest.approx(straight(model, data, layers, weights), rel=1e-4)


def test_layers_share_one_equally_without_weights() -> None:
    model, data = make(layers=(0, 2))
    value = run_phase(model, data, PHASE)['loss_tdp']
    assert value == pytest.approx(straight(model, data, (0, 2), (0.5, 0.5)), rel=1e-4)


def test_named_layers_equal_positions_where_they_are_the_same_maps() -> None:
    model, data = make()
    batch = model.batch(data['inputs'], data['data_samples'], {'sr'})

    def value(*layers: int | str) -> torch.Tensor:
        return MODELS.build(dict(type='TDPLoss', layers=layers))(batch, 'sr')

    assert value('neck.fpn_convs.0', 'neck.fpn_convs.2') == value(0, 2)
    assert value('neck.fpn_convs.1', 0) == value(1, 0)
    assert value('neck') == value(0, 1, 2, 3, 4)
    assert value('backbone.layer4') != value(0)


def test_unequal_numbers_of_layers_and_weights() -> None:
    for layers, weights in (((0, 1), (1.0,)), ((), None)):
        with pytest.raises(ConfigError, match='of one length'):
            MODELS.build(dict(type='TDPLoss', layers=layers, weights=weights))
    model, data = make(layers=('neck',), weights=(1.0,))
    with pytest.raises(ConfigError, match='give 5 maps for 1 weights'):
        run_phase(model, data, PHASE)


def test_gradient_reaches_every_sr_parameter_through_the_task_net_and_none_of_its_own() -> None:
    model, data = make(layers=(0, 1))
    run_phase(model, data, PHASE)
    without = [
        name
        for name, param in model.sr.named_parameters()
        if param.grad is None or not param.grad.abs().sum() > 0
    ]
    assert not without
    assert all(param.grad is None for param in model.task.parameters())


def test_hr_side_keeps_no_graph() -> None:
    model, data = make(layers=(0,))
    seen = []
    model.task.neck.register_forward_hook(lambda *args: seen.append(args[-1][0].requires_grad))
    run_phase(model, data, PHASE)
    assert seen == [True, False]


def test_hr_side_keeps_its_graph_where_the_task_net_is_updated() -> None:
    model, data = make(layers=(0,))
    seen = []
    model.task.neck.register_forward_hook(lambda *args: seen.append(args[-1][0].requires_grad))
    run_phase(model, data, dict(PHASE, update=('sr', 'task')))
    assert seen == [True, True]
    assert model.task.neck.fpn_convs[0].conv.weight.grad.abs().sum() > 0


@pytest.mark.parametrize('update', ['sr', ('sr', 'task')])
def test_nothing_of_the_task_net_changes(update: str | tuple[str, ...]) -> None:
    model, data = make(layers=(0,))
    model.task.backbone.layer2.eval()  # a part that was in eval mode before
    modes = {name: module.training for name, module in model.named_modules()}
    state = deepcopy(model.state_dict())
    inside = []
    model.task.backbone.layer1.register_forward_hook(
        lambda *args: inside.append([module.training for module in model.task.modules()])
    )
    run_phase(model, data, dict(PHASE, update=update))
    assert len(inside) == 2
    assert not any(training for modes_inside in inside for training in modes_inside)
    assert {name: module.training for name, module in model.named_modules()} == modes
    assert modes['task.backbone.layer3']
    assert not modes['task.backbone.layer2']
    after = model.state_dict()
    assert all(torch.equal(after[name], value) for name, value in state.items())


def test_no_head_runs() -> None:
    model, data = make(layers=(0, 'backbone.layer2'))
    calls = []
    for module in model.task.bbox_head.modules():
        module.register_forward_hook(lambda *args: calls.append(args[0]))
    run_phase(model, data, PHASE)
    assert not calls


def test_equal_images_are_at_no_distance() -> None:
    model, data = make(layers=(0, 1))
    loss = run_phase(model, data, dict(update=('sr', 'task'), losses=dict(tdp=dict(hr=1.0))))
    assert loss['hr.loss_tdp'] == 0


def test_places_within_objects_count_more() -> None:
    feats, targets = torch.rand(2, 4, 8, 8), torch.rand(2, 4, 8, 8)
    objects = torch.zeros(2, 1, 32, 32)
    objects[:, :, :16] = 1  # the upper half of each map
    gaps = (feats - targets).abs()
    expected = (3 * gaps[:, :, :4].mean() + gaps[:, :, 4:].mean()) / 4
    torch.testing.assert_close(feature_distance([feats], [targets], None, objects, 3.0), expected)
    torch.testing.assert_close(feature_distance([feats], [targets]), gaps.mean())


def test_objects_are_boxes_masks_or_labels() -> None:
    from sr4ir_mm.errors import ConfigError as Error
    from sr4ir_mm.models.task_adapters import ClsAdapter, DetAdapter, SegAdapter
    from tests.utils.samples import cls_batch, seg_batch

    samples = det_batch()['data_samples']
    net = torch.nn.Identity()
    places = DetAdapter(net).object_mask(samples, (64, 96))
    assert places.shape == (2, 1, 64, 96)
    inside = torch.zeros(64, 96)
    for x1, y1, x2, y2 in samples[0].gt_instances.bboxes.round().long().tolist():
        inside[y1:y2, x1:x2] = 1
    assert torch.equal(places[0, 0], inside)
    masked = DetAdapter(net).object_mask(det_batch(masks=True)['data_samples'], (64, 96))
    assert masked[1, 0, :50, :70].any()
    assert not masked[1, 0, 50:].any()
    labels = SegAdapter(net).object_mask(seg_batch()['data_samples'], (64, 96))
    assert not labels[0, 0, :4].any()  # to ignore
    assert not labels[0, 0, :, :48].any()  # the first class
    assert labels[0, 0, 4:, 48:].all()
    with pytest.raises(Error, match='annotations that locate objects'):
        ClsAdapter(net).object_mask(cls_batch()['data_samples'], (64, 96))


def test_places_of_a_batch_are_weighed_by_the_share_of_objects_in_them() -> None:
    tdp = dict(type='TDPLoss', layers=(0,), object_weight=5.0)
    model = build_model(sr=TINY_EDSR, losses=dict(tdp=tdp)).eval()
    batch = model.batch(**model.data_preprocessor(det_batch(), True), update={'sr'})
    objects = batch.task.object_mask()  # (2, 1, 64, 96); the maps have a stride of 8
    weights = 1 + 4 * objects.reshape(2, 8, 8, 12, 8).mean((2, 4))
    assert weights.unique().numel() > 2
    (sr,), (hr,) = (batch.task.features(image, (0,)) for image in ('sr', 'hr'))
    expected = ((sr - hr).abs().mean(1) * weights).sum() / weights.sum()
    torch.testing.assert_close(model.losses['tdp'](batch, 'sr'), expected)
