# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What must hold for every task model in SR4IR."""

import math
from collections.abc import Iterable

import pytest
import torch

from sr4ir_mm.models import SR4IR
from tests.utils.samples import parameters, phase_losses, reached, run_phase, setting


def cases(paths: Iterable[str]) -> list:
    """Make a parameter of each config of a library, named by its folder; the first is quick."""
    return [
        pytest.param(path, id=path.partition('/')[0], marks=[] if index else [pytest.mark.quick])
        for index, path in enumerate(paths)
    ]


def check_phases_of_sr4ir(model: SR4IR, data: dict) -> set[str]:
    """Run both phases of SR4IR and check what they compute and which nets they reach.

    Args:
        model (SR4IR): In train mode.
        data (dict): From its data preprocessor.

    Returns:
        set[str]: The task model's own losses, the same for SR, HR and CQMix images.
    """
    first, second = setting('sr4ir')

    values = run_phase(model, data, first)
    assert values.keys() == {'loss_pixel', 'loss_tdp', 'loss'}
    assert all(math.isfinite(value) for value in values.values())
    assert values['loss_tdp'] > 0
    assert values['loss'] == pytest.approx(values['loss_pixel'] + values['loss_tdp'])
    assert reached(model.sr) == parameters(model.sr)
    assert not reached(model.task)

    values = run_phase(model, data, second)
    assert all(math.isfinite(value) for value in values.values())
    losses = {
        image: {
            name.removeprefix(f'{image}.')
            for name in values
            if name.startswith(f'{image}.') and 'loss' in name
        }
        for image in ('sr', 'hr', 'cqmix')
    }
    assert losses['sr'] == losses['hr'] == losses['cqmix']
    total = sum(values[f'{image}.{name}'] for image, names in losses.items() for name in names)
    assert values['loss'] == pytest.approx(total)
    assert not reached(model.sr)
    # Some have none by nature: what the model froze, and branches that met no object.
    named = reached(model.task)
    assert any('backbone' in name for name in named)
    assert any('head' in name for name in named)
    return losses['sr']


def check_task_loss_reaches_every_image(model: SR4IR, data: dict) -> None:
    """Check that the task loss is differentiable down to the pixels of each image."""
    images = [
        image[:, :height, :width].clone().requires_grad_()
        for image, (height, width) in zip(
            data['inputs']['hr'], data['inputs']['sizes'], strict=True
        )
    ]
    terms = model.adapter('task').loss(images, data['data_samples'])
    model.parse_losses(terms)[0].backward()
    assert all(image.grad.abs().sum() > 0 for image in images)


def check_bfloat16(model: SR4IR, data: dict) -> None:
    """Run both phases in bfloat16: losses are fp32, and near those of fp32."""
    for phase in setting('sr4ir'):
        kept = dict(update={phase['update']}, losses=phase['losses'])
        outcomes = []
        for enabled in (False, True):
            torch.manual_seed(0)
            model.zero_grad()
            with torch.autocast('cpu', torch.bfloat16, enabled=enabled):
                terms = phase_losses(model, data, **kept)
            losses = {name: value for name, value in terms.items() if 'loss' in name}
            tensors = [t for v in losses.values() for t in (v if isinstance(v, list) else [v])]
            assert {tensor.dtype for tensor in tensors} == {torch.float32}
            total = sum(tensor.sum() for tensor in tensors)
            total.backward()
            outcomes.append(total.item())
        # Of RTMDet at random all losses are below 0.01, and rounding decides which boxes match.
        assert outcomes[1] == pytest.approx(outcomes[0], rel=0.2, abs=0.01)
    model.zero_grad()
