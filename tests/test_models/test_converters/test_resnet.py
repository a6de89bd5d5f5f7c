# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The paper's classifier against torchvision's, with the same random weights."""

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from tiny import ROOT
from torchvision.models import resnet18

from sr4ir_mm.models.converters import RESNET
from sr4ir_mm.registry import MODELS


@pytest.mark.parametrize('training', [False, True])
def test_logits_equal_torchvisions(training):
    torch.manual_seed(0)
    theirs = resnet18(weights=None, num_classes=196).train(training)
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/resnet18.py').model.task
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        ours = MODELS.build(cfg).train(training)
    ours.load_state_dict(RESNET.to_mm(theirs.state_dict()))
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(ours(images), theirs(images), atol=1e-5, rtol=0)
    back = RESNET.from_mm(ours.state_dict())
    assert back.keys() == theirs.state_dict().keys()
    assert all(torch.equal(back[key], value) for key, value in theirs.state_dict().items())


def test_name_without_a_counterpart_is_told():
    with pytest.raises(KeyError, match=r'layer5\.0\.weight'):
        RESNET.to_mm({'layer5.0.weight': torch.zeros(1)})
