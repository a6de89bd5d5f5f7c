# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Who is to be taken for real depends on who is updated."""

import pytest
import torch
import torch.nn.functional as F

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models import SR4IR
from tests.utils.samples import TINY_EDSR, build_model, cls_batch, phase_losses
from tests.utils.tiny import resnet


@pytest.fixture(scope='module')
def model() -> SR4IR:
    discriminator = dict(type='MultiTaskDiscriminator', task=resnet(num_classes=2), in_channels=64)
    return build_model(
        task=resnet(num_classes=2),
        sr=TINY_EDSR,
        extra_nets=dict(discriminator=discriminator),
        losses=dict(
            adversarial=dict(type='AdversarialLoss'),
            discriminator_task=dict(type='TaskLoss', net='discriminator'),
        ),
    )


@pytest.mark.parametrize(
    ('update', 'image', 'real'),
    [
        ({'discriminator'}, 'hr', 1.0),
        ({'discriminator'}, 'sr', 0.0),
        ({'discriminator'}, 'cqmix', 0.0),
        ({'sr'}, 'sr', 1.0),
    ],
)
def test_equals_cross_entropy_of_the_head(
    model: SR4IR, update: set[str], image: str, real: float
) -> None:
    data = model.data_preprocessor(cls_batch((32, 32)), True)
    model.eval()
    batch = model.batch(**data, update=update)
    loss = model.losses['adversarial'](batch, image)
    net = model.discriminator
    inputs = net.data_preprocessor(
        {'inputs': [crop.flip(0) * 255 for crop in batch.crops(image)]}, False
    )['inputs']
    logits = net.realness(net.net.backbone(inputs)[-1]).mean((2, 3))
    expected = F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, real))
    torch.testing.assert_close(loss, expected)
    model.train()


def test_task_losses_of_two_nets_are_both_counted(model: SR4IR) -> None:
    data = model.data_preprocessor(cls_batch((32, 32)), True)
    losses = dict(task=dict(sr=1.0), discriminator_task=dict(sr=2.0))
    terms = phase_losses(model, data, update={'task', 'discriminator'}, losses=losses)
    assert {'sr.loss', 'sr.discriminator_task.loss'} <= terms.keys()
    total, _ = model.parse_losses(terms)
    torch.testing.assert_close(total, terms['sr.loss'] + terms['sr.discriminator_task.loss'])


def test_missing_discriminator_is_told() -> None:
    with pytest.raises(ConfigError, match="no net 'discriminator'; add it to model.extra_nets"):
        build_model(losses=dict(adversarial=dict(type='AdversarialLoss')))


def test_name_of_a_further_net_must_be_free() -> None:
    with pytest.raises(ConfigError, match="names a net 'losses': that name is taken"):
        build_model(extra_nets=dict(losses=resnet(num_classes=2)))
