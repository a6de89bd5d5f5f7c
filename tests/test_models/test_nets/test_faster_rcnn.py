# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The paper's detector against torchvision's, with the same random weights."""

from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData
from torch import Tensor
from torchvision.models import mobilenet_v3_large
from torchvision.models.detection import FasterRCNN, fasterrcnn_mobilenet_v3_large_fpn
from torchvision.models.detection.backbone_utils import _mobilenet_extractor
from torchvision.ops import FrozenBatchNorm2d

from sr4ir_mm.checkpoints.converters import FASTER_RCNN
from sr4ir_mm.models.task_adapters.det import DetAdapter
from sr4ir_mm.registry import MODELS
from tests.utils.tiny import ROOT

# Resized by torchvision as the authors' code has it; later versions make 375 x 500 a pixel higher.
RESIZED = {
    (375, 500): (799, 1066),
    (500, 375): (1066, 799),
    (333, 500): (800, 1201),
    (200, 500): (533, 1333),
}
TRAIN = {(60, 90): (96, 144), (80, 64): (120, 96), (64, 64): (96, 96)}


def reference() -> FasterRCNN:
    """Build torchvision's detector as with a pretrained backbone, with lively random weights."""
    make = fasterrcnn_mobilenet_v3_large_fpn
    net = make(weights=None, weights_backbone=None, num_classes=21)
    views = torch.stack([picture(256, 320) for _ in range(6)]) * 4 - 2
    learning = net.backbone
    for module in learning.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.3)
        elif isinstance(module, torch.nn.Conv2d) and module.bias is not None:
            module.bias.data.normal_(0, 0.01)
    with torch.no_grad():
        learning(views)
    net.backbone = _mobilenet_extractor(
        mobilenet_v3_large(weights=None, norm_layer=FrozenBatchNorm2d), True, 3
    )
    net.backbone.load_state_dict(learning.state_dict())
    net.transform.resize = resize
    net.eval()
    with torch.no_grad():
        levels = list(net.backbone(views).values())
        hidden = torch.cat([net.rpn.head.conv(level).flatten(2) for level in levels], dim=-1)
        hidden = hidden.movedim(1, -1).reshape(-1, 256, 1, 1)
        enliven(net.rpn.head.cls_logits, hidden, 1.0)
        enliven(net.rpn.head.bbox_pred, hidden, 0.3)
        regions = F.unfold(levels[0], 7).movedim(1, -1).flatten(0, 1)
        hidden = net.roi_heads.box_head(regions)
        enliven(net.roi_heads.box_predictor.cls_score, hidden, 2.0)
        enliven(net.roi_heads.box_predictor.bbox_pred, hidden, 1.0)
    return net


def enliven(layer: torch.nn.Module, inputs: Tensor, spread: float) -> None:
    """Make a layer's outputs vary by so much around zero."""
    layer.weight.mul_(spread / layer(inputs).std(dim=0).mean())
    layer.bias.zero_()
    layer.bias.sub_(layer(inputs).mean(dim=0).flatten())


def resize(image: Tensor, target: dict | None = None) -> tuple[Tensor, dict | None]:
    """Resize as torchvision, but to the table's sizes."""
    height, width = image.shape[-2:]
    size = {**RESIZED, **TRAIN}[height, width]
    image = F.interpolate(image[None], size=size, mode='bilinear', align_corners=False)[0]
    if target is not None:
        factor = torch.tensor([size[1] / width, size[0] / height] * 2)
        target = {**target, 'boxes': target['boxes'] * factor}
    return image, target


def build(**preprocessor: int) -> torch.nn.Module:
    cfg = Config.fromfile(ROOT / 'configs/_base_/models/faster_rcnn_mobilenet_v3.py').model.task
    cfg.data_preprocessor.update(preprocessor)
    with DefaultScope.overwrite_default_scope('mmdet'):
        return MODELS.build(cfg)


@pytest.fixture(scope='module')
def nets() -> SimpleNamespace:
    """Ours and torchvision's with the same weights."""
    torch.manual_seed(0)
    theirs = reference()
    ours = build()
    ours.load_state_dict(FASTER_RCNN.to_mm(theirs.state_dict()))
    return SimpleNamespace(ours=ours.eval(), theirs=theirs)


def picture(height: int, width: int) -> Tensor:
    """Draw rectangles on a smooth background, 8-bit RGB in [0, 1]."""
    image = F.interpolate(torch.rand(1, 3, 5, 7), (height, width), mode='bicubic')[0]
    for _ in range(12):
        y, x = (int(torch.randint(0, side * 3 // 4, ())) for side in (height, width))
        h, w = (int(torch.randint(8, side // 2, ())) for side in (height, width))
        image[:, y : y + h, x : x + w] = torch.rand(3, 1, 1)
    image = image + 0.02 * torch.randn_like(image)
    return (image * 255).round().clamp(0, 255) / 255


def sample(height: int, width: int, target: dict[str, Tensor] | None = None) -> DetDataSample:
    """Make a data sample as our pipelines do; classes count from 0 here, from 1 there."""
    made = DetDataSample(metainfo=dict(img_shape=(height, width), ori_shape=(height, width)))
    if target is not None:
        made.gt_instances = InstanceData(bboxes=target['boxes'], labels=target['labels'] - 1)
    return made


def test_number_of_parameters(nets: SimpleNamespace) -> None:
    params = list(nets.ours.parameters())
    assert sum(param.numel() for param in params) == 19_027_604
    assert sum(param.numel() for param in params if param.requires_grad) == 18_968_708
    nets.ours.train()
    norms = [module for module in nets.ours.modules() if 'BatchNorm' in type(module).__name__]
    nets.ours.eval()
    assert len(norms) == 46
    assert {module.eps for module in norms} == {1e-5}
    assert not list(norms[0].parameters())


def test_same_layers_are_trainable(nets: SimpleNamespace) -> None:
    named = dict(nets.ours.named_parameters())
    theirs = {key: param.requires_grad for key, param in nets.theirs.named_parameters()}
    flags = {key: torch.tensor(flag).expand(84) for key, flag in theirs.items()}
    for key, flag in FASTER_RCNN.to_mm(flags).items():
        assert named[key].requires_grad == bool(flag[0]), key


def test_features(nets: SimpleNamespace) -> None:
    torch.manual_seed(2)
    images = [0.9 * picture(375, 500) + 0.01 * torch.rand(3, 1, 1)]  # not of 8 bits, as SR images
    with torch.no_grad():
        expected = list(nets.theirs.backbone(nets.theirs.transform(images)[0].tensors).values())
        found = DetAdapter(nets.ours).features(images, range(3))
    assert len(found) == len(expected) == 3
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=0)


@pytest.mark.parametrize('sizes', [[(375, 500)], [(333, 500), (500, 375)], [(200, 500)]])
def test_detections_in_eval_mode(nets: SimpleNamespace, sizes: list[tuple[int, int]]) -> None:
    torch.manual_seed(1)
    images = [picture(*size) for size in sizes]
    with torch.no_grad():
        expected = nets.theirs(images)
        found = DetAdapter(nets.ours).predict(images, [sample(*size) for size in sizes])
    for one, other in zip(found, expected, strict=True):
        one = one.pred_instances
        assert len(one) > 20
        assert len(one.labels.unique()) > 3
        assert torch.equal(one.labels + 1, other['labels'])
        torch.testing.assert_close(one.scores, other['scores'], atol=1e-4, rtol=0)
        torch.testing.assert_close(one.bboxes, other['boxes'], atol=0.05, rtol=0)


def test_nothing_found() -> None:
    """No proposal passes the threshold, and there is nothing to be found."""
    net = build(min_size=64, max_size=96)
    torch.nn.init.zeros_(net.rpn_head.rpn_cls.weight)
    torch.nn.init.constant_(net.rpn_head.rpn_cls.bias, -50)
    images = [picture(64, 64), picture(64, 80)]
    target = dict(boxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long))
    samples = [sample(*image.shape[-2:], target) for image in images]
    with torch.no_grad():
        found = DetAdapter(net.eval()).predict(images, samples)
    assert [one.pred_instances.bboxes.shape for one in found] == [(0, 4), (0, 4)]
    losses = DetAdapter(net.train()).loss(images, samples)
    losses = {key: sum(value) for key, value in losses.items() if 'rpn' in key}
    assert losses['loss_rpn_cls'] < 1e-6
    assert losses['loss_rpn_bbox'] == 0


TARGETS = [
    # Two boxes at one place, one inside another, and one smaller than any anchor.
    dict(
        boxes=torch.tensor(
            [[5.0, 8, 45, 50], [5, 8, 45, 50], [20, 20, 70, 58], [22, 21, 50, 40], [60, 2, 64, 7]]
        ),
        labels=torch.tensor([3, 7, 1, 20, 5]),
    ),
    dict(boxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long)),
    dict(boxes=torch.tensor([[1.0, 2, 60, 63]]), labels=torch.tensor([2])),
]


@pytest.mark.parametrize('mode', ['train', 'eval'])
def test_losses_and_gradients(nets: SimpleNamespace, mode: str) -> None:
    """All anchors and regions are sampled; losses in eval mode are what T -> S trains on."""
    torch.manual_seed(3)
    ours, theirs = build(min_size=96, max_size=144), nets.theirs
    ours.load_state_dict(nets.ours.state_dict())
    ours.train(mode == 'train')
    images = [picture(*size).requires_grad_() for size in TRAIN]
    copies = [image.detach().clone().requires_grad_() for image in images]
    samplers = ours.rpn_head.sampler, ours.roi_head.bbox_sampler
    assert [sampler.num for sampler in samplers] == [256, 512]
    assert [sampler.pos_fraction for sampler in samplers] == [0.5, 0.25]
    for sampler in samplers:
        sampler.num = 10**6
    stages = theirs.rpn, theirs.roi_heads
    assert [stage.fg_bg_sampler.batch_size_per_image for stage in stages] == [256, 512]
    sizes = list(TRAIN)
    try:
        for stage, size in zip(stages, (10**6, 10**6), strict=True):
            stage.fg_bg_sampler.batch_size_per_image = size
            stage.training = True
        resized, targets = theirs.transform(copies, TARGETS)
        features = theirs.backbone(resized.tensors)
        proposals, expected = theirs.rpn(resized, features, targets)
        _, second = theirs.roi_heads(features, proposals, resized.image_sizes, targets)
        expected = {**expected, **second}
        sum(expected.values()).backward()
    finally:
        for stage, size in zip(stages, (256, 512), strict=True):
            stage.fg_bg_sampler.batch_size_per_image = size
            stage.training = False
    samples = [sample(*size, target) for size, target in zip(sizes, TARGETS, strict=True)]
    found = DetAdapter(ours).loss(images, samples)
    names = dict(
        loss_objectness='loss_rpn_cls',
        loss_rpn_box_reg='loss_rpn_bbox',
        loss_classifier='loss_cls',
        loss_box_reg='loss_bbox',
    )
    assert {key for key in found if 'loss' in key} == set(names.values())
    found = {key: sum(loss) if isinstance(loss, list) else loss for key, loss in found.items()}
    for name, value in expected.items():
        assert value > 0
        torch.testing.assert_close(found[names[name]], value, atol=1e-6, rtol=1e-5, msg=name)
    sum(found[name] for name in names.values()).backward()
    for one, other in zip(images, copies, strict=True):
        torch.testing.assert_close(one.grad, other.grad, atol=1e-5, rtol=1e-3)
    grads = {key: p.grad for key, p in theirs.named_parameters() if p.grad is not None}
    theirs.zero_grad(set_to_none=True)
    named = {key: param.grad for key, param in ours.named_parameters() if param.grad is not None}
    mapped = FASTER_RCNN.to_mm(grads)
    assert named.keys() == mapped.keys()
    for key, grad in mapped.items():
        torch.testing.assert_close(named[key], grad, atol=1e-5, rtol=1e-3, msg=key)
    # The data samples of the caller are left as they were.
    assert torch.equal(samples[0].gt_instances.bboxes, TARGETS[0]['boxes'])


def test_number_of_proposals_follows_the_targets(nets: SimpleNamespace) -> None:
    """2000 with targets and 1000 without, in either mode."""
    cfg = nets.ours.train_cfg.rpn_proposal, nets.ours.test_cfg.rpn
    assert [(one.nms_pre, one.max_per_img) for one in cfg] == [(2000, 2000), (1000, 1000)]
    assert nets.theirs.rpn._pre_nms_top_n == dict(training=2000, testing=1000)
    assert nets.theirs.rpn._post_nms_top_n == dict(training=2000, testing=1000)


def test_starts_as_torchvision_does() -> None:
    """Compare the spread of each layer's initial weights."""
    torch.manual_seed(4)
    ours = build()
    ours.init_weights()
    theirs = fasterrcnn_mobilenet_v3_large_fpn(weights=None, weights_backbone=None, num_classes=21)
    state = ours.state_dict()
    for key, value in FASTER_RCNN.to_mm(theirs.state_dict()).items():
        found = state[key]
        if value.numel() > 500 and value.std() > 0:
            assert 0.8 < found.std() / value.std() < 1.25, key
            if key.startswith(('neck.', 'roi_head.')):  # uniform
                assert 0.95 < found.abs().max() / value.abs().max() < 1.05, key
        elif (value == value.flatten()[0]).all():
            assert torch.equal(found, value), key


def test_names_map_back(nets: SimpleNamespace) -> None:
    state = nets.theirs.state_dict()
    ours = FASTER_RCNN.to_mm(state)
    assert ours.keys() == nets.ours.state_dict().keys()
    back = FASTER_RCNN.from_mm(ours)
    assert back.keys() == state.keys()
    assert all(torch.equal(back[key], value) for key, value in state.items())


def test_names_of_earlier_versions() -> None:
    """As in torchvision's published file, whose layers are not nested."""
    names = {
        'rpn.head.conv.weight': 'rpn_head.rpn_conv.weight',
        'backbone.fpn.inner_blocks.1.bias': 'neck.lateral_convs.1.conv.bias',
        'backbone.fpn.layer_blocks.0.weight': 'neck.fpn_convs.0.conv.weight',
    }
    state = {key: torch.rand(2) for key in names}
    found = FASTER_RCNN.to_mm(state)
    assert found.keys() == set(names.values())
    assert all(torch.equal(found[new], state[old]) for old, new in names.items())
