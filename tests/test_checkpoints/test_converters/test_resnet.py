# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The paper's classifier against torchvision's, with the same random weights."""

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torchvision.models import resnet18

from sr4ir_mm.checkpoints.converters import RESNET
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT

pytestmark = pytest.mark.quick


def build() -> torch.nn.Module:
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/resnet18.py').model.task
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return MODELS.build(cfg)


@pytest.mark.parametrize('training', [False, True])
def test_logits_equal_torchvisions(training: bool) -> None:
    torch.manual_seed(0)
    theirs = resnet18(weights=None, num_classes=196).train(training)
    ours = build().train(training)
    ours.load_state_dict(RESNET.to_mm(theirs.state_dict()))
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(ours(images), theirs(images), atol=1e-5, rtol=0)
    back = RESNET.from_mm(ours.state_dict())
    assert back.keys() == theirs.state_dict().keys()
    assert all(torch.equal(back[key], value) for key, value in theirs.state_dict().items())


def test_weights_older_than_the_counters_of_batches_load_strictly() -> None:
    """As torchvision's ImageNet weights, 102 of the 122 names."""
    theirs = resnet18(weights=None, num_classes=196)
    older = {key: value for key, value in theirs.state_dict().items() if 'num_batches' not in key}
    assert len(older) == 102
    ours = build()
    converted = RESNET.to_mm(older)
    assert converted.keys() == ours.state_dict().keys()  # PyTorch itself would forgive less
    ours.load_state_dict(converted)
    assert int(ours.backbone.layer4[1].bn2.num_batches_tracked) == 0
    theirs.load_state_dict(RESNET.from_mm(ours.state_dict()))


def test_last_layer_starts_as_pytorchs() -> None:
    """Uniform within 1 / sqrt(512), weight and bias; mmpretrain's own start is narrower."""
    torch.manual_seed(0)
    ours = build()
    ours.init_weights()
    bound = 512**-0.5
    for param in (ours.head.fc.weight, ours.head.fc.bias):
        assert param.abs().max() <= bound
        assert param.std().item() == pytest.approx(bound / 3**0.5, rel=0.15)


def test_name_without_a_counterpart_is_told() -> None:
    with pytest.raises(KeyError, match=r'layer5\.0\.weight'):
        RESNET.to_mm({'layer5.0.weight': torch.zeros(1)})
