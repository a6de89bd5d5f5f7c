# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The dilated backbone against torchvision's, map by map, with the same random weights."""

import subprocess
import sys

import pytest
import torch
from torch import nn
from torchvision.models import mobilenet_v3_large
from torchvision.models.segmentation import deeplabv3_mobilenet_v3_large

from sr4ir_mm.checkpoints.converters import MOBILENET_V3
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT

TAPS = (0, 2, 4, 7, 13, 16)  # C0 to C5


@pytest.fixture
def nets() -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    theirs = deeplabv3_mobilenet_v3_large(weights=None, weights_backbone=None).backbone
    for module in theirs.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    ours = MODELS.build(dict(type='sr4ir_mm.DilatedMobileNetV3', out_indices=TAPS))
    ours.load_state_dict(MOBILENET_V3.to_mm(theirs.state_dict()))
    return ours, theirs


@pytest.mark.parametrize('training', [False, True])
def test_maps_equal_torchvisions(nets: tuple[nn.Module, nn.Module], training: bool) -> None:
    ours, theirs = nets
    for net in nets:
        net.train(training)
    images = feats = torch.randn(2, 3, 96, 64)
    with torch.no_grad():
        found = dict(zip(TAPS, ours(images), strict=True))
        for index, layer in enumerate(theirs.values()):
            feats = layer(feats)
            if index in found:
                torch.testing.assert_close(found[index], feats, atol=1e-4, rtol=1e-4)
    shapes = [(feats.shape[1], 96 // feats.shape[2]) for feats in found.values()]
    assert shapes == [(16, 2), (24, 4), (40, 8), (80, 16), (160, 16), (960, 16)]


def test_batch_norm_is_trained_and_counts_as_torchvisions(
    nets: tuple[nn.Module, nn.Module],
) -> None:
    ours, _ = nets
    ours.train()
    norms = [module for module in ours.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 46
    assert {(norm.eps, norm.momentum, norm.training) for norm in norms} == {(1e-3, 0.01, True)}
    assert all(param.requires_grad for param in ours.parameters())


def test_takes_weights_of_the_net_that_is_not_dilated() -> None:
    theirs = mobilenet_v3_large(weights=None).features.state_dict()
    ours = MODELS.build(dict(type='sr4ir_mm.DilatedMobileNetV3'))
    assert ours.out_indices == (4, 16)
    ours.load_state_dict(MOBILENET_V3.to_mm(theirs))
    back = MOBILENET_V3.from_mm(ours.state_dict())
    assert back.keys() == theirs.keys()
    assert all(torch.equal(back[key], value) for key, value in theirs.items())


def test_is_found_by_its_prefixed_name_in_a_fresh_process() -> None:
    """Where nothing has imported its module yet."""
    code = (
        'from mmengine.registry import MODELS, init_default_scope;'
        "import sr4ir_mm.registry; init_default_scope('sr4ir_mm');"
        "MODELS.build(dict(type='sr4ir_mm.DilatedMobileNetV3'))"
    )
    command = [sys.executable, '-W', 'ignore', '-c', code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
