# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a loss may ask for: one batch, as one phase sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError, named_errors

from .net_on_batch import Features, NetOnBatch
from .same_draws import SameDraws
from .task_adapters import Images, TaskAdapter

Losses = Mapping[str, Mapping[str, float]]
"""Loss name to image type to weight: ``dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34))``."""


class PhaseBatch:
    """Images, nets and targets of one batch in one phase.

    An image type is made when a loss first asks for it and is then kept for the phase, so
    nothing is computed for nothing: a phase on HR images alone never runs the SR net.

    Args:
        inputs (dict): ``sizes`` and ``hr``, ``lr`` or both of :class:`SRDataPreprocessor`. LR
            images that are made of HR images are put there too, for the next phases.
        data_samples (Sequence[BaseDataElement]): The library's data samples; each call works on
            copies.
        makers (Mapping[str, Callable]): How other image types are made: ``lr`` from HR images,
            ``sr`` and ``bilinear`` from LR images, ``cqmix`` from SR and HR images.
        adapters (Mapping[str, TaskAdapter]): The task nets by name, each bound to its net.
        update (Collection[str]): The nets that the phase updates.
    """

    IMAGES = ('hr', 'lr', 'bilinear', 'sr', 'cqmix')
    MADE_FROM = {'lr': ('hr',), 'bilinear': ('lr',), 'sr': ('lr',), 'cqmix': ('sr', 'hr')}

    def __init__(
        self,
        inputs: dict,
        data_samples: Sequence[BaseDataElement],
        makers: Mapping[str, Callable[..., Tensor]],
        adapters: Mapping[str, TaskAdapter],
        update: Collection[str] = (),
    ) -> None:
        self.inputs = inputs
        self.data_samples = data_samples
        self.update = frozenset(update)
        self._adapters = adapters
        self._features: dict[str, Features] = {name: {} for name in adapters}
        self.draws = SameDraws()
        self._makers = makers
        self._made: dict[str, Tensor] = {}

    @property
    def task(self) -> NetOnBatch:
        """NetOnBatch: The task net T."""
        return self.net('task')

    def net(self, name: str) -> NetOnBatch:
        """Give a task net, or any other that has an adapter, on this batch.

        Raises:
            ConfigError: The model has no such net.
        """
        if name not in self._adapters:
            known = ', '.join(self._adapters) or 'none'
            key = name if name == 'task' else f'extra_nets.{name}'
            raise ConfigError(
                f'A loss asks for the net {name!r}, but the model has {known}: set model.{key}.'
            )
        # Made anew: kept here, it and the batch would hold each other, and all images and graphs
        # of this iteration, until Python looks for such circles some iterations later.
        return NetOnBatch(name, self._adapters[name], self, self._features[name])

    def parts(self, weights: Losses) -> list[Losses]:
        """Split losses by image types, where no graph is shared: where S is not updated."""
        images = dict.fromkeys(image for of_loss in weights.values() for image in of_loss)
        if 'sr' in self.update:
            return [weights]
        return [
            {name: {image: ws[image]} for name, ws in weights.items() if image in ws}
            for image in images
        ]

    def drop_graphs(self) -> None:
        """Forget features that have a graph, which has been back-propagated."""
        for features in self._features.values():
            for key in [k for k, maps in features.items() if any(m.requires_grad for m in maps)]:
                del features[key]

    def terms(self, losses: nn.ModuleDict, weights: Losses) -> dict[str, Tensor | list[Tensor]]:
        """Compute weighted losses, in the order of the weights.

        Args:
            losses (nn.ModuleDict): Losses by name; each takes this batch and the name of an image
                type.
            weights (Losses): The weights.

        Returns:
            dict[str, Tensor | list[Tensor]]: ``loss_pixel``, ``loss_tdp``, and the task model's own
                losses and statistics under ``<image>.<its name>``.
        """
        terms: dict[str, Tensor | list[Tensor]] = {}
        for name, images in weights.items():
            for image, weight in images.items():
                value = losses[name](self, image)
                if isinstance(value, Tensor):
                    prefix = '' if image == 'sr' else f'{image}.'
                    terms[f'{prefix}loss_{name}'] = value * weight
                else:
                    # Task losses of different nets in one phase must not overwrite each other.
                    prefix = f'{image}.' if name == 'task' else f'{image}.{name}.'
                    terms |= {f'{prefix}{k}': _weigh(k, v, weight) for k, v in value.items()}
        return terms

    def image(self, name: str) -> Tensor:
        """Give images of a type: 'hr', 'lr', 'bilinear' (LR, up-sampled), 'sr' or 'cqmix'.

        Returns:
            Tensor: ``(N, 3, H, W)``, RGB, nominally in [0, 1] (SR is neither clamped nor
                rounded), padded to one size for the batch.

        Raises:
            ConfigError: The type is unknown, or there is nothing to make it of.
        """
        if name not in self.IMAGES:
            raise ConfigError(
                f'There are no {name!r} images: a loss works on one of {", ".join(self.IMAGES)}.'
            )
        kept = self.inputs if name in ('hr', 'lr') else self._made
        if name not in kept:
            if name not in self._makers:
                raise ConfigError(
                    f'There are no {name!r} images: '
                    + ('the batch has LR images alone.' if name == 'hr' else 'model.sr is None.')
                )
            sources = [self.image(source) for source in self.MADE_FROM[name]]
            with named_errors(f'making {self.describe(name)}'):
                kept[name] = self._makers[name](*sources)
        return kept[name]

    def describe(self, name: str) -> str:
        """Tell number, type and sizes of images, for messages; LR images by the HR images' size."""
        sizes = dict.fromkeys(f'{width}x{height}' for height, width in self.inputs['sizes'])
        return f'{len(self.inputs["sizes"])} {name} images ({", ".join(sizes)} pixels)'

    def crops(self, name: str) -> Images:
        """Give images of a type without their padding, as the task net must see them.

        Returns:
            Tensor | list[Tensor]: RGB, nominally in [0, 1]. Images of one size are a single view
                ``(N, 3, H, W)``, for which nothing is computed image by image; others are N views
                ``(3, H_i, W_i)``.
        """
        images, sizes = self.image(name), self.inputs['sizes']
        if len(set(sizes)) == 1:
            height, width = sizes[0]
            return images[..., :height, :width]
        return [
            image[:, :height, :width] for image, (height, width) in zip(images, sizes, strict=True)
        ]


def _weigh(name: str, value: Tensor | list[Tensor], weight: float) -> Tensor | list[Tensor]:
    """Weigh what will be back-propagated; statistics, such as an accuracy, stay as they are."""
    if 'loss' not in name:
        return value
    return [term * weight for term in value] if isinstance(value, list) else value * weight
