# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Table 6 (C) on a small case: TDP collapses a task net that can lower it, and alternation helps.

Gratings in four directions are to be told from each other at a quarter of their size.
"""

import math

import torch
from mmengine.optim import OptimWrapper
from torch.optim import SGD, AdamW

from sr4ir_mm.engine.runner import Phase, run_phase
from tests.utils.samples import build_model, setting
from tests.utils.tiny import resnet

SR = dict(
    type='mmagic.EDSRNet', in_channels=3, out_channels=3, upscale_factor=4, num_blocks=1,
    mid_channels=8,
)  # fmt: skip


def gratings(number: int, seed: int) -> dict:
    """Make a batch of noisy gratings ``(3, 32, 32)`` of one of four directions."""
    from mmpretrain.structures import DataSample

    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 4, (number,), generator=generator)
    phase = torch.rand(number, 1, 1, generator=generator) * 2 * math.pi
    angle = (labels * math.pi / 4).view(-1, 1, 1)
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing='ij')
    wave = torch.cos((x * angle.cos() + y * angle.sin()) * 2 * math.pi / 9 + phase)
    noise = 20 * torch.randn(number, 3, 32, 32, generator=generator)
    images = (128 + 80 * wave[:, None] + noise).clamp(0, 255).byte()
    samples = [DataSample(metainfo=dict(img_path='')).set_gt_label(int(v)) for v in labels]
    return dict(inputs=list(images), data_samples=samples)


def train(phases: list[dict], iterations: int = 80) -> tuple[float, float, float]:
    """Train; give accuracy, distance of SR and HR features, and how much features vary."""
    task = resnet(num_classes=4)
    task['backbone'] = dict(base_channels=8)  # its batch norm learns
    model = build_model(task=task, sr=SR)
    optimizers = dict(
        sr=AdamW(model.sr.parameters(), lr=1e-3, weight_decay=0.0),
        task=SGD(model.task.parameters(), lr=2e-2, momentum=0.9, weight_decay=1e-4),
    )
    optimizers = {name: OptimWrapper(optimizer) for name, optimizer in optimizers.items()}
    for iteration in range(iterations):
        data = model.data_preprocessor(gratings(16, iteration), True)
        for phase in phases:
            run_phase(model, Phase.from_cfg(phase), data, optimizers)
    model.eval()
    data = model.data_preprocessor(gratings(128, 10**6), False)
    batch = model.batch(**data)
    with torch.no_grad():
        sr, hr = (batch.task.features(image)[-1] for image in ('sr', 'hr'))
    found = model(**data, mode='predict')
    right = [sample.pred_label == sample.gt_label for sample in found]
    return (
        torch.cat(right).float().mean().item(),
        (sr - hr).abs().mean().item(),
        hr.std(0).mean().item(),
    )


def test_joint_tdp_collapses_and_alternation_does_not() -> None:
    joint, joint_distance, joint_spread = train(setting('joint_tdp'))
    alternate, distance, spread = train(setting('sr4ir'))
    # Features tend to a constant, whatever the image; the accuracy to chance.
    assert joint_distance < 0.7 * distance
    assert joint_spread < 0.3 * spread
    assert joint < 0.5
    assert alternate > 0.9


def test_joint_training_without_tdp_learns() -> None:
    accuracy, _, spread = train(setting('joint'))
    assert accuracy > 0.9
    assert spread > 0.1


if __name__ == '__main__':  # the figures of docs/settings.md
    for name in ('joint', 'joint_tdp', 'without_tdp', 'sr4ir'):
        accuracy, distance, spread = train(setting(name))
        print(f'{name:<12} {accuracy:.3f} {distance:.4f} {spread:.4f}')
