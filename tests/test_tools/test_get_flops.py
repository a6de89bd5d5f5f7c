# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Operations and parameters of both nets."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.registry import init_default_scope
from torch import nn

from sr4ir_mm.registry import MODELS
from tests.utils.tiny import tiny_config
from tests.utils.tools import tool


def convolutions(net: nn.Module, images: torch.Tensor) -> int:
    """Count the products of all convolutions, as they run."""
    total = 0

    def add(conv: nn.Conv2d, _: Any, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel() * conv.weight[0].numel()

    hooks = [m.register_forward_hook(add) for m in net.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        net(images)
    for hook in hooks:
        hook.remove()
    return total


@pytest.mark.parametrize(
    ('name', 'data', 'nets'),
    [
        ('sr4ir/det_edsr_x4', 'coco', ['sr', 'task']),
        ('sr4ir/seg_swinir_x8', 'tiny_data', ['sr', 'task']),
        ('l2t/cls_cars_x4', 'tiny_data', ['sr', 'task']),
        ('h2t/cls_cars', 'tiny_data', ['task']),
        ('s/cls_cars_edsr_x4', 'tiny_data', ['sr']),
    ],
)
def test_nets_of_each_library(
    name: str, data: str, nets: list[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cfg = tiny_config(request.getfixturevalue(data), tmp_path / 'work', name)
    cfg.dump(tmp_path / 'tiny.py')
    words = ['--shape', '9', '14', '--shape', '18', '14', '--json', str(tmp_path / 'flops.json')]
    report = tool('analysis_tools/get_flops').main([str(tmp_path / 'tiny.py'), *words])
    assert json.loads((tmp_path / 'flops.json').read_text())['params'] == report['params']
    init_default_scope('sr4ir_mm')
    model = MODELS.build(cfg.model).eval()
    own = {net: sum(p.numel() for p in model.net(net).parameters()) for net in nets}
    assert report['params'] == own | dict(both=sum(own.values()))
    for counted, shape in zip(report['counts'], [(9, 14), (18, 14)], strict=True):
        assert counted['lr'] == shape
        assert counted['sr'] == (model.scale * shape[0], model.scale * shape[1])
        assert list(counted['flops']) == [*nets, 'both']
        assert counted['flops']['both'] == sum(counted['flops'][net] for net in nets)
        if 'edsr' in name:
            products = convolutions(model.net('sr'), torch.rand(1, 3, *shape))
            assert counted['flops']['sr'] == products
        if 'task' in nets:
            divisor = 32 if 'det' in name else 1  # FCOS pads
            sides = [side + -side % divisor for side in counted['sr']]
            products = convolutions(model.net('task'), torch.rand(1, 3, *sides))
            assert products < counted['flops']['task'] < 1.5 * products


def test_mistakes_are_named(coco: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    tiny_config(coco, tmp_path / 'work').dump(tmp_path / 'tiny.py')
    with pytest.raises(SystemExit):
        tool('analysis_tools/get_flops').main([str(tmp_path / 'tiny.py'), '--shape', '0', '4'])
    assert 'give a positive height and width' in capsys.readouterr().err
