# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The detector's own resize."""

import pytest
import torch
import torch.nn.functional as F
from mmdet.structures import DetDataSample
from mmdet.structures.bbox import HorizontalBoxes
from mmengine.structures import InstanceData

from sr4ir_mm.models.nets.resize_det_data_preprocessor import ResizeDetDataPreprocessor

MEAN, STD = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]


@pytest.fixture
def preprocessor() -> ResizeDetDataPreprocessor:
    return ResizeDetDataPreprocessor(MEAN, STD, pad_size_divisor=32)


@pytest.mark.parametrize(
    ('size', 'expected'),
    [
        ((375, 500), (799, 1066)),
        ((500, 375), (1066, 799)),
        ((333, 500), (800, 1201)),
        ((281, 500), (749, 1333)),
        ((375, 1250), (399, 1332)),
    ],
)
def test_new_size_of_the_reference(
    preprocessor: ResizeDetDataPreprocessor, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert preprocessor.new_size(*size) == expected


def test_new_size_as_the_reference_computes_it(preprocessor: ResizeDetDataPreprocessor) -> None:
    """The expression of torchvision 0.15, on each size of a VOC image and many others."""
    for short in range(100, 501):
        for long in (short, 375, 400, 442, 500):
            sides = torch.tensor([short, long])
            scale = min(800 / min(sides), 1333 / max(sides))
            expected = int(short * scale), int(long * scale)
            assert preprocessor.new_size(short, long) == expected


def test_images(preprocessor: ResizeDetDataPreprocessor) -> None:
    torch.manual_seed(0)
    images = [torch.rand(3, 60, 75) * 255, torch.rand(3, 60, 30) * 255]
    preprocessor.min_size, preprocessor.max_size = 90, 160
    found = preprocessor({'inputs': images, 'data_samples': None})['inputs']
    assert found.shape == (2, 3, 160, 128)
    for one, image, size in zip(found, images, [(90, 112), (160, 80)], strict=True):
        rgb = image[[2, 1, 0]]
        rgb = F.interpolate(rgb[None], size, mode='bilinear', align_corners=False)[0]
        expected = (rgb - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
        height, width = size
        torch.testing.assert_close(one[:, :height, :width], expected, atol=1e-5, rtol=0)
        assert not one[:, height:].any()
        assert not one[:, :, width:].any()


def test_bytes(preprocessor: ResizeDetDataPreprocessor) -> None:
    image = torch.randint(0, 256, (3, 40, 50), dtype=torch.uint8)
    found = preprocessor({'inputs': [image], 'data_samples': None})['inputs']
    expected = preprocessor({'inputs': [image.float()], 'data_samples': None})['inputs']
    assert torch.equal(found, expected)


def test_gradients_reach_the_image(preprocessor: ResizeDetDataPreprocessor) -> None:
    image = torch.rand(3, 40, 50, requires_grad=True)
    preprocessor({'inputs': [image], 'data_samples': None})['inputs'].square().sum().backward()
    assert (image.grad != 0).all()


@pytest.mark.parametrize('kind', [torch.Tensor, HorizontalBoxes])
def test_data_samples(preprocessor: ResizeDetDataPreprocessor, kind: type) -> None:
    boxes = torch.tensor([[10.0, 20, 110, 220], [0, 0, 500, 375]])
    sample = DetDataSample(metainfo=dict(img_shape=(375, 500), scale_factor=(0.5, 0.25)))
    sample.gt_instances = InstanceData(
        bboxes=kind(boxes) if kind is HorizontalBoxes else boxes, labels=torch.tensor([1, 2])
    )
    sample.ignored_instances = InstanceData(bboxes=boxes[:1])
    before = boxes.clone()
    data = {'inputs': [torch.rand(3, 375, 500)], 'data_samples': [sample]}
    (found,) = preprocessor(data)['data_samples']
    assert torch.equal(boxes, before)  # others may share the tensor
    factors = torch.tensor([1066 / 500, 799 / 375] * 2)
    torch.testing.assert_close(found.gt_instances.bboxes, before * factors)
    torch.testing.assert_close(found.ignored_instances.bboxes, before[:1] * factors)
    assert found.img_shape == (799, 1066)
    assert found.batch_input_shape == found.pad_shape == (800, 1088)
    # Detections are brought back to what they were before all resizes.
    assert found.scale_factor == pytest.approx((0.5 * 1066 / 500, 0.25 * 799 / 375))
