# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The adapter of mmpose, where mmpose is installed."""

import importlib.util
import math
from typing import Any

import pytest
import torch
from mmengine.structures import InstanceData, PixelData

from tests.utils.samples import build_model, reached, run_phase, setting

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec('mmpose') is None, reason='mmpose is not installed'
)
PATH = 'mmpose::body_2d_keypoint/topdown_heatmap/coco/td-hm_mobilenetv2_8xb64-210e_coco-256x192.py'
SIZE = (256, 192)
META = dict(img_shape=SIZE, ori_shape=SIZE, flip_indices=list(range(17)))


def sample() -> Any:
    import projects.mmpose.pose_adapter as adapter

    made = adapter.PoseAdapter.new_data_sample()
    made.set_metainfo(META)
    made.gt_fields = PixelData(heatmaps=torch.rand(17, 64, 48))
    made.gt_instance_labels = InstanceData(keypoint_weights=torch.ones(1, 17))
    return made


def test_phases_and_prediction() -> None:
    samples = [sample(), sample()]
    model = build_model(task=PATH)
    inputs = [torch.randint(0, 256, (3, *SIZE), dtype=torch.uint8) for _ in samples]
    data = model.data_preprocessor(dict(inputs=inputs, data_samples=samples), True)
    first, second = setting('sr4ir')
    assert run_phase(model, data, first)['loss_tdp'] > 0
    values = run_phase(model, data, second)
    assert math.isfinite(values['loss'])
    assert {'sr.loss_kpt', 'hr.loss_kpt', 'cqmix.loss_kpt'} <= values.keys()
    assert any(name.startswith('head') for name in reached(model.task))
    found = model.eval()(**data, mode='predict')[0]
    assert found.pred_instances.keypoints.shape == (1, 17, 2)
    assert found.sr.shape == (3, *SIZE)
    assert model.adapter('task').object_mask(samples, SIZE).shape == (2, 1, *SIZE)
