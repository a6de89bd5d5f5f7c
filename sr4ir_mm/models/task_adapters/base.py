# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The differentiable way into any mm* task model: its own data preprocessor."""

from collections.abc import Sequence
from contextlib import nullcontext

from mmengine.dataset import BaseDataset
from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError

from ..phase_batch import unwrap
from ..same_draws import SameDraws


class TaskAdapter:
    """What all libraries share; a subclass adds what is special to one.

    A model without a task net has this one as it is.

    The model's own preprocessor is handed the list of un-padded images, in the range and channel
    order that the library's loaders give it. It then normalises, pads and updates the data
    samples, all differentiable, and ``loss``, ``predict`` and ``extract_feat`` are the library's.
    """

    def loss(
        self,
        task: nn.Module,
        images: Sequence[Tensor],
        data_samples: Sequence[BaseDataElement],
        draws: SameDraws | None = None,
    ) -> dict[str, Tensor]:
        """Run ``mode='loss'``.

        Args:
            task (nn.Module): The task model, in its distributed wrapper if it is updated.
            images (Sequence[Tensor]): N images ``(3, H_i, W_i)``, RGB, nominally in [0, 1].
            data_samples (Sequence[BaseDataElement]): Their targets; left as they are.
            draws (SameDraws, optional): Of the batch, where several image types of it are trained
                on. Defaults to None.

        Returns:
            dict[str, Tensor]: The model's losses.
        """
        with nullcontext() if draws is None else draws(unwrap(task).data_preprocessor):
            data = self.preprocess(task, images, self.copy(data_samples), training=True)
        return task(data['inputs'], data['data_samples'], mode='loss')

    def predict(
        self, task: nn.Module, images: Sequence[Tensor], data_samples: Sequence[BaseDataElement]
    ) -> list[BaseDataElement]:
        """Run ``mode='predict'``; arguments as in :meth:`loss`.

        Returns:
            list[BaseDataElement]: Copies of the data samples, with predictions.
        """
        data = self.preprocess(task, images, self.copy(data_samples), training=False)
        return task(data['inputs'], data['data_samples'], mode='predict')

    def features(self, task: nn.Module, images: Sequence[Tensor]) -> Sequence[Tensor]:
        """Run the feature extractor (backbone and neck), no head; arguments as in :meth:`loss`.

        Returns:
            Sequence[Tensor]: What the model's ``extract_feat`` returns.
        """
        data = self.preprocess(task, images, None, training=False)
        return self.extract(task, data['inputs'])

    def extract(self, task: nn.Module, inputs: Tensor) -> Sequence[Tensor]:
        """Run the model's ``extract_feat`` on what :meth:`preprocess` gives."""
        feats = self.raw_features(task, inputs)
        return (feats,) if isinstance(feats, Tensor) else feats

    def raw_features(self, task: nn.Module, inputs: Tensor) -> Tensor | Sequence[Tensor]:
        """Call the library's extractor."""
        return task.extract_feat(inputs)  # type: ignore[operator]

    def preprocess(
        self,
        task: nn.Module,
        images: Sequence[Tensor],
        data_samples: list[BaseDataElement] | None,
        training: bool,
    ) -> dict:
        """Run the model's own data preprocessor on RGB images in [0, 1].

        Returns:
            dict: ``inputs``, normalised and padded, and ``data_samples``.
        """
        # OpenMMLab's loaders give BGR in [0, 255].
        inputs = [image.flip(0) * 255 for image in images]
        return unwrap(task).data_preprocessor(
            {'inputs': inputs, 'data_samples': data_samples}, training
        )

    def copy(self, data_samples: Sequence[BaseDataElement]) -> list[BaseDataElement]:
        """Copy data samples and their elements, for preprocessors write in both.

        Tensors are shared: nothing writes inside them.
        """
        copies = []
        for sample in data_samples:
            copy = sample.clone()
            for name, value in sample.items():
                if isinstance(value, BaseDataElement):
                    setattr(copy, name, value.clone())
            copies.append(copy)
        return copies

    def objects(self, data_samples: Sequence[BaseDataElement], size: Sequence[int]) -> Tensor:
        """Tell where objects are, for losses that weigh them.

        Args:
            data_samples (Sequence[BaseDataElement]): With their ground truth.
            size (Sequence[int]): Height and width of the padded batch, in pixels.

        Returns:
            Tensor: ``(N, 1, H, W)``, 1 within objects, 0 elsewhere.

        Raises:
            ConfigError: The task's annotations say nothing of places.
        """
        raise ConfigError(
            'TDPLoss: object_weight needs annotations with places (boxes, masks or label maps), '
            'which this task has not.'
        )

    def check_dataset(self, task: nn.Module, dataset: BaseDataset) -> None:
        """Compare a data set with itself and with the model, before a long run is spent on it.

        Without a task model there is nothing to compare; a subclass raises DataError where the
        data set lacks something that its config promises, and ConfigError where the model's
        classes are not the data set's.
        """
