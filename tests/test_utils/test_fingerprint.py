# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Which keys of a config make another run of it."""

import pytest
from mmengine.config import Config

from sr4ir_mm.utils.fingerprint import (
    differences,
    evaluation_parts,
    fingerprint,
    training_parts,
)

CONFIG = """
model = dict(sr=dict(width=3), init=dict(sr='work_dirs/s/det_edsr_x4', task='w/net.pth'))
model['losses'] = dict(tdp=dict(layers=[1]), vgg=dict(layers=[3]))
phases = [dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=0.1)))]
train_cfg = dict(max_epochs=3)
train_dataloader = dict(batch_size=2, num_workers=2)
test_dataloader = dict(batch_size=2, num_workers=2)
test_evaluator = dict(type='PSNR')
test_cfg = dict(type='TestLoop')
randomness = dict(seed=7)
work_dir = 'a'
"""


@pytest.mark.parametrize(
    ('key', 'value', 'training', 'testing'),
    [
        ('work_dir', 'b', False, False),
        ('train_dataloader.num_workers', 8, False, False),
        ('model.init.sr', '/elsewhere/s/det_edsr_x4', False, False),
        ('model.init.sr', 'work_dirs/s/det_edsr_x8', True, False),
        ('model.init.task', 'v/net.pth', True, False),
        ('model.sr.width', 4, True, True),
        ('model.losses.tdp.layers', [2], True, False),
        ('model.losses.vgg.layers', [2], False, False),
        ('phases', [dict(update='sr', losses=dict(vgg=dict(sr=1.0)))], True, False),
        ('train_dataloader.batch_size', 4, True, False),
        ('randomness.seed', 8, True, False),
        ('compile', dict(mode='default'), True, False),
        ('compile', False, False, False),
        ('default_hooks.tf32.type', 'TF32Hook', True, False),
        ('test_evaluator', dict(type='SSIM'), False, True),
        ('test_cfg', dict(type='TestLoop', fp16=True), False, True),
    ],
)
def test_what_matters(key: str, value: object, training: bool, testing: bool) -> None:
    cfg, other = (Config.fromstring(CONFIG, '.py') for _ in range(2))
    other.merge_from_dict({key: value})
    if isinstance(value, (dict, list)):
        other[key] = value
    for parts, differ in ((training_parts, training), (evaluation_parts, testing)):
        assert (fingerprint(parts(cfg)) != fingerprint(parts(other))) is differ
        assert bool(differences(parts(cfg), parts(other))) is differ


@pytest.mark.parametrize('phases', [3, [3], [dict(losses=3)], [dict(update='sr')]])
def test_phases_of_another_form_are_left_to_the_check(phases: object) -> None:
    cfg = Config.fromstring(CONFIG, '.py')
    cfg.phases = phases
    assert training_parts(cfg)['phases'] == phases


def test_runs_of_a_seed_are_told_apart_by_their_config_too() -> None:
    def mark(source: str) -> str:
        return fingerprint(training_parts(dict(model=dict(init=dict(task=source)))))

    same = mark('work_dirs/h2t/det/seed_1')
    assert same == mark('/elsewhere/h2t/det/seed_1')
    assert same not in {mark('work_dirs/s2t/det/seed_1'), mark('work_dirs/h2t/det/seed_2')}
