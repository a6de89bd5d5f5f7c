# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A task net as losses see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.errors import ModelError, named_errors

from .same_draws import SameDraws
from .task_adapters import Images, TaskAdapter

SIZES = re.compile(
    r'[Ss]izes? of (a )?tensors?|smaller than kernel|[Kk]ernel size can.t be greater'
    r'|k out of range|Output size is too small|[Pp]adding size should be less'
)
"""What PyTorch and MMCV say of maps that do not fit each other, or are too small."""

Features = dict[tuple, tuple[Tensor, ...]]
"""By the name of images and layers."""


class Batch(Protocol):
    """What a net needs of :class:`PhaseBatch`, which says what it is."""

    data_samples: Sequence[BaseDataElement]
    draws: SameDraws

    def image(self, name: str) -> Tensor:
        """Give images of a type."""

    def crops(self, name: str) -> Images:
        """Give them without padding."""

    def describe(self, name: str) -> str:
        """Tell of them in messages."""


class NetOnBatch:
    """A task net as losses see it, by the names of images: ``batch.task.loss('sr')``.

    Args:
        name (str): The net's name in the model.
        adapter (TaskAdapter): How the net is called.
        batch (Batch): The batch.
        features (Features): What was extracted on this batch before, and what will be.

    Raises:
        ModelError: By all methods: the library failed, with what it was doing on which images.
    """

    def __init__(self, name: str, adapter: TaskAdapter, batch: Batch, features: Features) -> None:
        self._name = name
        self._adapter = adapter
        self._batch = batch
        self._features = features

    def loss(self, image: str) -> dict[str, Tensor]:
        """Compute the net's own losses on images of a type; see :meth:`TaskAdapter.loss`."""
        batch, images = self._batch, self._batch.crops(image)
        with self._named('loss', image):
            return self._adapter.loss(images, batch.data_samples, batch.draws)

    def features(self, image: str, layers: Sequence[int | str] = (-1,)) -> tuple[Tensor, ...]:
        """Extract F_k of images of a type, once a phase; see :meth:`TaskAdapter.features`."""
        key = (image, *layers)
        if key not in self._features:
            images = self._batch.crops(image)
            with self._named('features', image):
                self._features[key] = self._adapter.features(images, layers)
        return self._features[key]

    def extents(self, image: str) -> list[tuple[float, float]]:
        """Tell how much of its maps each image fills; see :meth:`TaskAdapter.feature_extents`."""
        return self._adapter.feature_extents(self._batch.crops(image))

    def predict(self, image: str) -> list[BaseDataElement]:
        """Predict on images of a type; see :meth:`TaskAdapter.predict`."""
        images = self._batch.crops(image)
        with self._named('predict', image):
            return self._adapter.predict(images, self._batch.data_samples)

    def forward(self, image: str, mode: str) -> Any:
        """Run a mode of the net's own; see :meth:`TaskAdapter.forward`."""
        images = self._batch.crops(image)
        with self._named(mode, image):
            return self._adapter.forward(images, mode)

    def object_mask(self) -> Tensor:
        """Tell where objects are; see :meth:`TaskAdapter.object_mask`."""
        size = self._batch.image('hr').shape[-2:]
        return self._adapter.object_mask(self._batch.data_samples, size)

    @contextmanager
    def _named(self, what: str, image: str) -> Iterator[None]:
        with named_errors(f'model.{self._name}, {what} on {self._batch.describe(image)}'):
            try:
                yield
            except RuntimeError as error:
                keys = self._adapter.PADDED_BY
                if keys and SIZES.search(str(error)):
                    raise ModelError(
                        f'RuntimeError: {error} If maps of these images do not fit each other, or '
                        f'are too small, let the model pad them, to multiples of 32 or of more: '
                        f'{keys} in model.{self._name}.{made_for(self._adapter.net)}'
                    ) from error
                raise


def made_for(net: nn.Module) -> str:
    """Tell the image sizes that parts of a net, such as a ViT, are built for; '' for none."""
    sizes = {type(part).__name__: getattr(part, 'img_size', None) for part in net.modules()}
    return ''.join(
        f' {name} is built for images of {size} (img_size).'
        for name, size in sizes.items()
        if isinstance(size, (int, tuple, list))
    )
