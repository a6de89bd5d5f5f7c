# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Predictions as plain types, and as files."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.structures import BaseDataElement, InstanceData, PixelData
from PIL import Image
from pycocotools import mask

from sr4ir_mm.apis.prediction import to_dict
from sr4ir_mm.apis.result_files import ResultFiles


@pytest.mark.parametrize('most', [20, 846])
def test_label_maps_of_few_and_of_many_classes(most: int, tmp_path: Path) -> None:
    labels = torch.arange(64).view(1, 8, 8) * most // 63
    sample = BaseDataElement(pred_sem_seg=PixelData(data=labels))
    prediction = to_dict(sample, ())
    ResultFiles(tmp_path, 'a').save_prediction(prediction, [(7, 8, 9)] * 256)
    saved = Image.open(tmp_path / 'preds/a.png')
    np.testing.assert_array_equal(np.asarray(saved), labels[0])
    assert saved.mode == ('P' if most < 256 else 'I;16')


def test_masks_and_boxes_in_pixels_of_the_lr_image() -> None:
    drawn = torch.zeros(1, 8, 12, dtype=torch.bool)
    drawn[:, 4:, :8] = True
    instances = InstanceData(
        labels=torch.tensor([1]), scores=torch.tensor([0.5]), masks=drawn,
        bboxes=torch.tensor([[0.0, 4.0, 8.0, 8.0]]),
    )  # fmt: skip
    found = to_dict(BaseDataElement(pred_instances=instances), (), factor=4)
    assert found['bboxes'] == [[0.0, 1.0, 2.0, 2.0]]
    np.testing.assert_array_equal(mask.decode(found['masks'][0]), [[0, 0, 0], [1, 1, 0]])
