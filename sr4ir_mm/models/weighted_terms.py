# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The terms of a phase: each of its losses on each of its images, at its weight."""

from collections.abc import Mapping

from torch import Tensor, nn

from .phase_batch import PhaseBatch

Terms = dict[str, Tensor | list[Tensor]]


def weighted_terms(
    batch: PhaseBatch, losses: nn.ModuleDict, weights: Mapping[str, Mapping[str, float]]
) -> Terms:
    """Compute the terms in the order of the weights.

    Args:
        batch (PhaseBatch): The batch.
        losses (nn.ModuleDict): Losses by name; each takes the batch and the name of an image type.
        weights (Mapping): Loss name to image type to weight, such as ``dict(task=dict(sr=0.34,
            hr=0.34, cqmix=0.34))``.

    Returns:
        Terms: ``loss_pixel``, ``loss_tdp``, and the task model's own losses and statistics under
            ``<image>.<its name>``.
    """
    terms: Terms = {}
    for name, images in weights.items():
        for image, weight in images.items():
            value = losses[name](batch, image)
            if isinstance(value, Tensor):
                prefix = '' if image == 'sr' else f'{image}.'
                terms[f'{prefix}loss_{name}'] = value * weight
            else:
                # Task losses of different nets in one phase must not overwrite each other.
                prefix = f'{image}.' if name == 'task' else f'{image}.{name}.'
                terms |= {f'{prefix}{k}': _weigh(k, v, weight) for k, v in value.items()}
    return terms


def _weigh(name: str, value: Tensor | list[Tensor], weight: float) -> Tensor | list[Tensor]:
    """Weigh what will be back-propagated; statistics, such as an accuracy, stay as they are."""
    if 'loss' not in name:
        return value
    return [term * weight for term in value] if isinstance(value, list) else value * weight
