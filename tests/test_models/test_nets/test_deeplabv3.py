# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The paper's segmentation net against torchvision's, with the same random weights."""

import pytest
import torch
import torch.nn.functional as F
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn
from torchvision.models.segmentation import deeplabv3_mobilenet_v3_large

from sr4ir_mm.checkpoints.converters import DEEPLABV3
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT


@pytest.fixture(scope='module')
def nets() -> tuple[nn.Module, nn.Module]:
    """Ours and torchvision's, the latter with batch statistics unlike the initial ones."""
    torch.manual_seed(0)
    theirs = deeplabv3_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=21, aux_loss=True
    )
    for module in theirs.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/deeplabv3_mobilenet_v3.py').model.task
    with DefaultScope.overwrite_default_scope('mmseg'):
        ours = MODELS.build(cfg)
    ours.init_weights()
    ours.load_state_dict(DEEPLABV3.to_mm(theirs.state_dict()))
    return ours, theirs


def logits(ours: torch.nn.Module, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    feats = ours.extract_feat(images)
    heads = ours.decode_head, ours.auxiliary_head
    return tuple(F.interpolate(head(feats), images.shape[-2:], mode='bilinear') for head in heads)


@pytest.mark.parametrize('size', [(96, 128), (75, 101)])
def test_logits_in_eval_mode(nets: tuple[nn.Module, nn.Module], size: tuple[int, int]) -> None:
    ours, theirs = (net.eval() for net in nets)
    images = torch.randn(2, 3, *size)
    with torch.no_grad():
        expected = theirs(images)
        found = logits(ours, images)
    for one, name in zip(found, ('out', 'aux'), strict=True):
        torch.testing.assert_close(one, expected[name], atol=1e-4, rtol=0)


def test_loss_gradients_and_statistics_of_a_training_step(
    nets: tuple[nn.Module, nn.Module],
) -> None:
    from mmengine.structures import PixelData
    from mmseg.structures import SegDataSample

    ours, theirs = (net.train() for net in nets)
    for net in nets:
        for module in net.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0  # its draws depend on how often each net draws
    images = torch.randn(2, 3, 96, 96)
    labels = torch.randint(0, 21, (2, 96, 96))
    labels[:, :9] = 255
    out = theirs(images)
    losses = [F.cross_entropy(out[name], labels, ignore_index=255) for name in ('out', 'aux')]
    (losses[0] + 0.5 * losses[1]).backward()

    samples = [SegDataSample(gt_sem_seg=PixelData(data=label[None])) for label in labels]
    terms = ours.loss(images, samples)
    torch.testing.assert_close(terms['decode.loss_ce'], losses[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(terms['aux.loss_ce'], 0.5 * losses[1], atol=1e-5, rtol=0)
    (terms['decode.loss_ce'] + terms['aux.loss_ce']).backward()
    grads = {key: param.grad for key, param in theirs.named_parameters()}
    # The names are mapped, the values are compared.
    named = dict(ours.named_parameters())
    for key, grad in DEEPLABV3.to_mm(grads).items():
        torch.testing.assert_close(named[key].grad, grad, atol=1e-4, rtol=1e-3, msg=key)
    state = ours.state_dict()
    for key, value in DEEPLABV3.to_mm(theirs.state_dict()).items():
        torch.testing.assert_close(state[key], value, atol=1e-5, rtol=1e-5, msg=key)


def test_number_of_parameters(nets: tuple[nn.Module, nn.Module]) -> None:
    ours, _ = nets
    params = list(ours.parameters())
    assert sum(param.numel() for param in params) == 11_029_328
    assert all(param.requires_grad for param in params)


def test_starts_as_torchvision_does(nets: tuple[nn.Module, nn.Module]) -> None:
    """PyTorch's default for convolutions of the heads: uniform within 1 / sqrt(fan in)."""
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/deeplabv3_mobilenet_v3.py').model.task
    with DefaultScope.overwrite_default_scope('mmseg'):
        net = MODELS.build(cfg)
    net.init_weights()
    for head in (net.decode_head, net.auxiliary_head):
        for module in head.modules():
            if isinstance(module, torch.nn.Conv2d):
                bound = module.weight[0].numel() ** -0.5
                assert module.weight.abs().max() <= bound
                assert module.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.1)


def test_names_map_back() -> None:
    theirs = deeplabv3_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=5, aux_loss=True
    ).state_dict()
    back = DEEPLABV3.from_mm(DEEPLABV3.to_mm(theirs))
    assert back.keys() == theirs.keys()
    assert all(torch.equal(back[key], value) for key, value in theirs.items())
