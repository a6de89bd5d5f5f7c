# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One iteration of SR4IR, written out line by line, equals what the loop does with the configs."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from mmengine.runner import Runner
from torch import Tensor, nn

from tests.utils.tiny import tiny_config
from tests.utils.tiny_data import make_data

pytestmark = pytest.mark.quick

# In 0..255: batch norm over as few values as here blows up the rounding of any other way.
MEAN = torch.tensor([123.675, 116.28, 103.53]).view(3, 1, 1)
STD = torch.tensor([58.395, 57.12, 57.375]).view(3, 1, 1)
GRID = dict(seg=8, det=8, cls=4)
TASK_LR = dict(seg=2e-2, det=2e-2, cls=3e-2)
TASK_DECAY = dict(seg=1e-6, det=1e-4, cls=1e-4)


def features(kind: str, task: Any, images: Tensor) -> list[tuple[float, Tensor]]:
    """F_k with their weights: C5; the two maps of the pyramid at 0.5; the last stage."""
    if kind == 'det':
        maps = task.neck(task.backbone(for_detector(task, images, None)['inputs']))
        return [(0.5, maps[0]), (0.5, maps[1])]
    return [(1.0, task.backbone((images * 255 - MEAN) / STD)[-1])]


def for_detector(task: Any, images: Tensor, samples: list | None) -> dict:
    data = dict(inputs=[image.flip(0) * 255 for image in images], data_samples=deepcopy(samples))
    return task.data_preprocessor(data, samples is not None)


def task_loss(kind: str, task: Any, images: Tensor, samples: list) -> Tensor:
    if kind == 'det':
        data = for_detector(task, images, samples)
        terms = task.loss(data['inputs'], data['data_samples'])
        return sum(sum(t) if isinstance(t, list) else t for k, t in terms.items() if 'loss' in k)
    maps = task.backbone((images * 255 - MEAN) / STD)
    if kind == 'cls':
        labels = torch.cat([sample.gt_label for sample in samples])
        return F.cross_entropy(task.head.fc(maps[-1].mean((2, 3))), labels)
    labels = torch.cat([sample.gt_sem_seg.data for sample in samples])
    out, aux = (
        F.interpolate(head(maps), images.shape[-2:], mode='bilinear')
        for head in (task.decode_head, task.auxiliary_head)
    )
    main = F.cross_entropy(out, labels, ignore_index=255)
    return main + 0.5 * F.cross_entropy(aux, labels, ignore_index=255)


def straight_line(kind: str, sr: nn.Module, task: nn.Module, batch: dict) -> dict[str, Any]:
    """The protocol's section 5, once, in plain PyTorch; the nets are updated."""
    hr = torch.stack(list(batch['inputs'])).flip(1).float() / 255
    lr = F.interpolate(hr, scale_factor=1 / 4, mode='bicubic')
    lr = (lr * 255).round().clamp(0, 255) / 255
    samples = batch['data_samples']
    found: dict[str, Any] = {}

    sr.train()
    optimizer = torch.optim.AdamW(sr.parameters(), lr=1e-4, weight_decay=0.0)
    task.eval()
    restored = sr(lr)
    found['loss_pixel'] = (restored - hr).abs().mean()
    found['loss_tdp'] = sum(
        weight * (one - two.detach()).abs().mean()
        for (weight, one), (_, two) in zip(
            features(kind, task, restored), features(kind, task, hr), strict=True
        )
    )
    params = list(sr.parameters())
    grads = torch.autograd.grad(found['loss_pixel'] + found['loss_tdp'], params)
    for param, grad in zip(params, grads, strict=True):
        param.grad = grad
    found['sr_grads'] = [grad.clone() for grad in grads]
    optimizer.step()

    task.train()
    trained = {name: p for name, p in task.named_parameters() if p.requires_grad}
    aux = [p for name, p in trained.items() if name.startswith('auxiliary_head')]
    rest = [p for name, p in trained.items() if not name.startswith('auxiliary_head')]
    groups = [dict(params=rest), *([dict(params=aux, lr=10 * TASK_LR[kind])] if aux else [])]
    optimizer = torch.optim.SGD(
        groups, lr=TASK_LR[kind], momentum=0.9, weight_decay=TASK_DECAY[kind]
    )
    with torch.no_grad():
        restored = sr(lr)
    cells = torch.rand(
        len(hr), 1, GRID[kind], GRID[kind], generator=torch.Generator().manual_seed(3)
    )
    height, width = (side // GRID[kind] for side in hr.shape[-2:])
    mask = (cells < 0.5).float().repeat_interleave(height, 2).repeat_interleave(width, 3)
    mixed = restored * mask + hr * (1 - mask)
    found['loss_task'] = 0.34 * sum(
        task_loss(kind, task, images, samples) for images in (restored, hr, mixed)
    )
    found['loss_task'].backward()
    found['task_grads'] = [p.grad.clone() for p in trained.values()]
    optimizer.step()
    return found


@pytest.mark.parametrize('name', ['seg_edsr_x4', 'det_edsr_x4', 'cls_cars_edsr_x4'])
def test_iteration_equals_straight_line(name: str, tmp_path: Path) -> None:
    kind = name.split('_')[0]
    data = make_data(tmp_path / 'data')
    options = dict(task='own', val=False, train_cfg__max_epochs=1)
    cfg = tiny_config(data, tmp_path / 'run', f'sr4ir/{name}', **options)
    cfg.model.cqmix.seed = 3
    if kind == 'det':  # all anchors and regions are taken, so that nothing is drawn
        for part in (cfg.model.task.train_cfg.rpn, cfg.model.task.train_cfg.rcnn):
            part.sampler.num = 10**6
    runner = Runner.from_cfg(cfg)
    model = runner.model
    model.init_weights()
    model._is_init = True
    for module in model.task.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    sr, task = deepcopy(model.sr), deepcopy(model.task)

    seen: dict[str, Any] = {}
    loop = runner.train_loop
    alternate = loop.alternate

    def keep_gradients(net: str) -> None:
        params = [param for param in getattr(model, net).parameters() if param.requires_grad]
        seen[f'{net}_grads'] = [param.grad.clone() for param in params]

    def spy(data_batch: dict) -> dict:
        seen['batch'] = deepcopy(data_batch)
        for net in ('sr', 'task'):
            runner.optim_wrapper[net].optimizer.register_step_pre_hook(
                lambda *_, net=net: keep_gradients(net)
            )
        seen['log'] = alternate(data_batch)
        return seen['log']

    loop.alternate = spy
    runner.train()
    expected = straight_line(kind, sr, task, seen['batch'])
    for key in ('loss_pixel', 'loss_tdp', 'loss_task'):
        assert seen['log'][key] == pytest.approx(expected[key].item(), abs=1e-6, rel=1e-6)
    assert expected['loss_tdp'] > 0
    for key in ('sr_grads', 'task_grads'):
        assert len(seen[key]) == len(expected[key])
        for one, two in zip(seen[key], expected[key], strict=True):
            torch.testing.assert_close(one, two, atol=1e-6, rtol=1e-5)
    for ours, theirs in ((model.sr, sr), (model.task, task)):
        state = theirs.state_dict()
        for key, value in ours.state_dict().items():  # statistics of batch norm included
            torch.testing.assert_close(value, state[key], atol=1e-6, rtol=1e-6, msg=key)
