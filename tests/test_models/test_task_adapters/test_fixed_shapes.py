# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Detections in shapes that do not depend on what is found are mmdet's."""

import re
from collections.abc import Callable

import pytest
import torch
from mmengine.config import Config
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from tests.utils.detectors import DETECTORS
from tests.utils.samples import build_model
from tests.utils.tiny import CLASSES, ROOT

SIZE = (160, 192)


def of_mmdet(path: str) -> dict:
    return dict(cfg_path=f'mmdet::{path}.py', num_classes=len(CLASSES), **DETECTORS[path])


def of_the_paper() -> dict:
    cfg = Config.fromfile(ROOT / 'configs/sr4ir/det_edsr_x4.py').model.task
    cfg.data_preprocessor.update(min_size=96, max_size=128)
    cfg.test_cfg.rcnn.score_thr = 0.04
    return cfg


def sharpen(net: nn.Module) -> None:
    """Let scores of an untrained net differ by more than rounding, the same at each call."""

    def add_noise(module: nn.Module, inputs: tuple, output: Tensor) -> Tensor:
        rows = 2000 if output.dim() == 2 else len(output)  # of regions there are fewer or more
        generator = torch.Generator().manual_seed(output[0].numel())
        noise = torch.randn(rows, *output.shape[1:], generator=generator)
        return output + noise[: len(output)]

    layers = re.compile(r'(retina_cls|conv_cls|fc_cls|rpn_cls|rpn_reg|rtm_cls\.\d)$')
    for name, module in net.named_modules():
        if layers.search(name):
            module.register_forward_hook(add_noise)


@pytest.mark.parametrize(
    'task',
    [
        *(
            pytest.param(lambda path=path: of_mmdet(path), id=path.partition('/')[0])
            for path in DETECTORS
        ),
        pytest.param(of_the_paper, id='paper'),
    ],
)
def test_rows_with_a_score_are_the_predictions(task: Callable[[], dict]) -> None:
    model = build_model(task=task()).eval()
    image = torch.rand(1, 3, *SIZE, generator=torch.Generator().manual_seed(0))
    sharpen(model.task)
    adapter = model.adapter('task')
    sample = adapter.new_data_sample()
    sample.set_metainfo(dict(ori_shape=SIZE, img_shape=SIZE))
    with torch.no_grad():
        expected = adapter.predict(image, [sample])[0].pred_instances
        found = adapter.outputs(image)
        # As before: nothing of mmdet stays changed.
        again = adapter.predict(image, [sample])[0].pred_instances
    assert torch.equal(again.bboxes, expected.bboxes)
    there = found['scores'] > 0
    assert len(expected) == there.sum() > 3
    torch.testing.assert_close(found['scores'][there], expected.scores)
    torch.testing.assert_close(found['boxes'][there], expected.bboxes)
    assert torch.equal(found['labels'][there], expected.labels)


def test_another_suppression_is_refused() -> None:
    task = of_mmdet('retinanet/retinanet_r50_fpn_1x_coco')
    task['test_cfg'] = dict(nms=dict(type='soft_nms'))
    model = build_model(task=task).eval()
    with pytest.raises(ConfigError, match="test_cfg.nms.type='soft_nms'"):
        model.adapter('task').outputs(torch.rand(1, 3, *SIZE))
