# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures are drawn by each library's own visualizer."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.registry import VISUALIZERS

from sr4ir_mm.visualization import build_visualizer, draw_sample, enlarge, to_uint8
from tests.utils.samples import cls_batch, det_batch, seg_batch


def test_tensors_become_rgb_bytes() -> None:
    image = torch.tensor([-0.2, 0.5, 1.3]).view(3, 1, 1).expand(3, 2, 4)
    assert to_uint8(image).shape == (2, 4, 3)
    assert to_uint8(image)[0, 0].tolist() == [0, 128, 255]


def test_pixels_of_lr_images_show() -> None:
    lr = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    large = enlarge(lr, 4, 7, 6)
    assert large.shape == (7, 6, 3)
    assert (large[:4, :4] == lr[0, 0]).all()
    assert (large[4:, 4:] == lr[1, 1]).all()


@pytest.mark.parametrize(
    ('kind', 'make', 'meta'),
    [
        ('mmdet.DetLocalVisualizer', det_batch, dict(classes=('disc', 'square'))),
        (
            'mmseg.SegLocalVisualizer',
            seg_batch,
            dict(classes=('disc', 'square'), palette=[[255, 0, 0], [0, 255, 0]]),
        ),
        ('mmpretrain.UniversalVisualizer', cls_batch, dict(classes=('disc', 'square'))),
    ],
)
def test_ground_truth_is_drawn(kind: str, make: Callable[[], dict], meta: dict) -> None:
    visualizer = VISUALIZERS.build(dict(type=kind, name=f'test_{kind}', vis_backends=None))
    visualizer.dataset_meta = meta
    sample = make()['data_samples'][0]
    image = np.full((64, 96, 3), 128, np.uint8)
    with_truth = draw_sample(visualizer, image, sample, truth=True)
    without = draw_sample(visualizer, image, sample, truth=False)
    assert with_truth.shape == without.shape == image.shape
    assert (with_truth != image).any()
    if kind != 'mmpretrain.UniversalVisualizer':  # it draws an empty box of text
        assert (without == image).all()


def test_without_a_visualizer_the_image_is_drawn_alone() -> None:
    visualizer = build_visualizer(Config(), dict(classes=('disc', 'square')))
    image = np.arange(96, dtype=np.uint8).reshape(4, 8, 3)
    sample = det_batch()['data_samples'][0]
    assert (draw_sample(visualizer, image, sample, truth=True) == image).all()
