# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Anchors, matching and box coding of the paper's detector against torchvision's."""

import pytest
import torch
from mmdet.models.task_modules.samplers import RandomSampler
from mmengine.structures import InstanceData
from torchvision.models.detection._utils import BoxCoder, Matcher
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_iou

from sr4ir_mm.models.nets.torchvision_anchor_generator import TorchvisionAnchorGenerator
from sr4ir_mm.models.nets.torchvision_assigner import TorchvisionAssigner
from sr4ir_mm.models.nets.torchvision_box_coder import TorchvisionBoxCoder
from sr4ir_mm.models.nets.torchvision_sampler import TorchvisionSampler

SCALES, RATIOS = [32, 64, 128, 256, 512], [0.5, 1.0, 2.0]


@pytest.mark.parametrize('size', [(800, 1088), (800, 1216), (128, 160), (32, 32), (1344, 352)])
def test_anchors(size: tuple[int, int]) -> None:
    """In 800 x 1088 pixels, cells of the third level are 61 pixels high and 64 wide."""
    height, width = (side // 32 for side in size)
    grids = [(height, width), (height, width), (-(-height // 2), -(-width // 2))]
    generator = TorchvisionAnchorGenerator(
        base_sizes=[1, 1, 1], scales=SCALES, ratios=RATIOS, strides=[32, 32, 64]
    )
    found = generator.grid_priors(grids, device='cpu')
    theirs = AnchorGenerator((tuple(SCALES),) * 3, (tuple(RATIOS),) * 3)
    images = ImageList(torch.zeros(1, 3, *size), [size])
    expected = theirs(images, [torch.zeros(1, 1, *grid) for grid in grids])[0]
    assert torch.equal(torch.cat(found), expected)
    assert [len(level) for level in found] == [h * w * 15 for h, w in grids]
    # Anchors in a smaller image's padding count.
    flags = generator.valid_flags(grids, (32, 32), device='cpu')
    assert [int(level.sum()) for level in flags] == [len(level) for level in found]
    assert generator.grid_priors(grids, device='cpu')[0].equal(found[0])  # it keeps no state


@pytest.mark.parametrize('seed', range(5))
def test_matching(seed: int) -> None:
    torch.manual_seed(seed)
    corners = torch.rand(300, 2, 2).mul(20).round().mul(5)  # many ties
    anchors = torch.cat([corners[:, 0], corners[:, 0] + corners[:, 1] + 5], dim=1)
    objects = torch.cat([anchors[:6] + 3, anchors[6:8], anchors[6:7]])
    labels = torch.arange(9) % 4
    expected = Matcher(0.7, 0.3, allow_low_quality_matches=True)(box_iou(objects, anchors))
    found = TorchvisionAssigner(0.7, 0.3).assign(
        InstanceData(priors=anchors), InstanceData(bboxes=objects, labels=labels)
    )
    # Theirs: -1 for background and -2 for neither; ours: 0 and -1.
    assert torch.equal(found.gt_inds, expected + 1)
    positive = expected >= 0
    assert 0 < positive.sum() < 100
    assert torch.equal(found.labels[positive], labels[expected[positive]])
    assert (found.labels[~positive] == -1).all()


def test_a_poor_best_anchor_goes_to_the_object_that_it_overlaps_most() -> None:
    overlaps = torch.tensor([[0.60, 0.1], [0.65, 0.2], [0.05, 0.0]])
    found = TorchvisionAssigner(0.7, 0.3).assign_wrt_overlaps(overlaps, torch.tensor([4, 5, 6]))
    assert found.gt_inds.tolist() == [2, 0]
    assert found.labels.tolist() == [5, -1]


def test_no_objects() -> None:
    found = TorchvisionAssigner(0.7, 0.3).assign(
        InstanceData(priors=torch.rand(3, 4)),
        InstanceData(bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long)),
    )
    assert found.gt_inds.tolist() == [0, 0, 0]


def test_an_image_without_objects_counts_as_many_anchors_as_are_sampled() -> None:
    priors = InstanceData(priors=torch.rand(9, 4))
    nothing = InstanceData(bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long))
    counts = []
    for kind in (TorchvisionSampler, RandomSampler):
        assigned = TorchvisionAssigner(0.7, 0.3).assign(priors, nothing)
        sampler = kind(num=4, pos_fraction=0.5, add_gt_as_proposals=False)
        counts.append(sampler.sample(assigned, priors, nothing).avg_factor)
    assert counts == [4, 5]


@pytest.mark.parametrize('stds', [(1.0, 1.0, 1.0, 1.0), (0.1, 0.1, 0.2, 0.2)])
def test_boxes(stds: tuple[float, float, float, float]) -> None:
    torch.manual_seed(0)
    boxes = torch.rand(50, 4) * 50
    boxes[:, 2:] += boxes[:, :2] + 1
    deltas = torch.randn(50, 4) * 8 * torch.tensor([0.1, 0.1, 1, 1])
    theirs = BoxCoder(tuple(1 / std for std in stds))
    ours = TorchvisionBoxCoder(target_stds=stds)
    expected = theirs.decode(deltas, [boxes])[:, 0]
    torch.testing.assert_close(ours.decode(boxes, deltas), expected)
    clipped = ours.decode(boxes, deltas, max_shape=(60, 70))
    limits = torch.tensor([70.0, 60, 70, 60])
    torch.testing.assert_close(clipped, expected.clamp(min=0).minimum(limits))
    others = boxes.roll(1, 0)
    torch.testing.assert_close(ours.encode(boxes, others), theirs.encode_single(others, boxes))
