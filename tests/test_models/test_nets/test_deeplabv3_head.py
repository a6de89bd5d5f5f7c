# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The heads against torchvision's in train mode, with the same draws of dropout."""

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.structures import PixelData
from mmseg.structures import SegDataSample
from torch import nn
from torchvision.models.segmentation import deeplabv3_mobilenet_v3_large

from sr4ir_mm.checkpoints.converters import DEEPLABV3
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT


@pytest.fixture
def nets() -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    theirs = deeplabv3_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=21, aux_loss=True
    )
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/deeplabv3_mobilenet_v3.py').model.task
    with DefaultScope.overwrite_default_scope('mmseg'):
        ours = MODELS.build(cfg)
    ours.load_state_dict(DEEPLABV3.to_mm(theirs.state_dict()))
    return ours.train(), theirs.train()


def test_logits_in_train_mode_with_dropout(nets: tuple[nn.Module, nn.Module]) -> None:
    ours, theirs = nets
    feats = [torch.randn(2, 40, 12, 16), torch.randn(2, 960, 6, 8)]
    pairs = [
        (ours.decode_head, theirs.classifier, 1),
        (ours.auxiliary_head, theirs.aux_classifier, 0),
    ]
    for head, reference, index in pairs:
        torch.manual_seed(1)
        expected = reference(feats[index])
        torch.manual_seed(1)
        found = head(feats)
        torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)
        # The draws matter, so that a head without them would not pass.
        assert (head(feats) - found).abs().max() > 1e-2


def test_batch_norm_of_the_heads_is_pytorchs(nets: tuple[nn.Module, nn.Module]) -> None:
    ours, _ = nets
    for head, number in ((ours.decode_head, 7), (ours.auxiliary_head, 1)):
        norms = [module for module in head.modules() if isinstance(module, nn.BatchNorm2d)]
        assert [(norm.eps, norm.momentum) for norm in norms] == [(1e-5, 0.1)] * number


def test_losses_are_means_over_the_annotated_pixels(nets: tuple[nn.Module, nn.Module]) -> None:
    ours, _ = nets
    logits = torch.randn(2, 21, 4, 4)
    labels = torch.randint(0, 21, (2, 1, 32, 32))
    labels[0, :, 5:] = 255
    samples = [SegDataSample(gt_sem_seg=PixelData(data=label)) for label in labels]
    full = nn.functional.interpolate(logits, size=(32, 32), mode='bilinear').log_softmax(1)
    valid = labels[:, 0] != 255
    picked = full.gather(1, labels.where(labels != 255, torch.zeros_like(labels)))[:, 0]
    expected = -picked[valid].mean()
    for head, weight in ((ours.decode_head, 1.0), (ours.auxiliary_head, 0.5)):
        found = head.loss_by_feat(logits, samples)['loss_ce']
        torch.testing.assert_close(found, weight * expected, atol=1e-5, rtol=0)
