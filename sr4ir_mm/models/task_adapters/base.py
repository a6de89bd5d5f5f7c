# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The differentiable way into any mm* task model: its own data preprocessor."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from mmengine.dataset import BaseDataset
from mmengine.evaluator import BaseMetric
from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.by_size import map_by_size
from sr4ir_mm.utils.nets import eval_mode, unwrap

from ..feature_taps import FeatureTaps
from ..same_draws import SameDraws
from .data_samples import copy_data_samples
from .statistics import losses_alone, skipped

Images = Tensor | Sequence[Tensor]
"""N images ``(N, 3, H, W)`` of one size, or a list of N tensors ``(3, H_i, W_i)``."""


class TaskAdapter:
    """What all libraries share; a subclass adds what is special to one.

    The model's own preprocessor is handed the un-padded images, in the range and channel order that
    the library's loaders give it. It then normalises, pads and updates the data
    samples, all differentiable, and ``loss``, ``predict`` and ``extract_feat`` are the library's.

    Images are RGB, nominally in [0, 1]; a list, or a batch of one size (see :data:`Images`).

    Args:
        net (nn.Module): The task model. While it is updated by several processes, it comes in its
            distributed wrapper, whose ``forward`` averages the gradients.
    """

    STACKING: frozenset[str] = frozenset()
    """Preprocessors that take a stacked batch, by class; a subclass of them may not."""

    TASK: str = ''
    """What the library's models do, in a word."""

    PADDED_BY: str = ''
    """The keys of a model that pad its images, for messages."""

    ONE_SIZE: bool = False
    """Whether :meth:`outputs` can be exported for one image at a time, of one size, alone."""

    STATISTICS: frozenset[str] = frozenset()
    """Functions of the library, by full names, whose results a model's losses only log."""

    def __init__(self, net: nn.Module, with_statistics: bool = True) -> None:
        self.net = unwrap(net)
        self._wrapped = net
        self._with_statistics = with_statistics

    def loss(
        self,
        images: Images,
        data_samples: Sequence[BaseDataElement],
        draws: SameDraws | None = None,
    ) -> dict[str, Tensor]:
        """Run the model's ``mode='loss'``.

        Args:
            images (Images): The images.
            data_samples (Sequence[BaseDataElement]): Their targets; left as they are.
            draws (SameDraws, optional): Of the batch, where several image types of it are trained
                on. Defaults to None.

        Returns:
            dict[str, Tensor]: The model's losses and statistics, under its own names.
        """
        with nullcontext() if draws is None else draws(self.net.data_preprocessor):
            data = self.preprocess(images, self.copy(data_samples), training=True)
        if self._with_statistics:
            return self._wrapped(data['inputs'], data['data_samples'], mode='loss')
        with skipped(self.net, self.STATISTICS):
            return losses_alone(self._wrapped(data['inputs'], data['data_samples'], mode='loss'))

    def predict(
        self, images: Images, data_samples: Sequence[BaseDataElement]
    ) -> list[BaseDataElement]:
        """Run the model's ``mode='predict'``.

        Returns:
            list[BaseDataElement]: Copies of the data samples, with predictions.
        """
        data = self.preprocess(images, self.copy(data_samples), training=False)
        return self._wrapped(data['inputs'], data['data_samples'], mode='predict')

    def keep_all(self) -> None:
        """Let the net predict what it is not sure of, too: for trials, on a copy of it."""

    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """Predict as tensors alone, in shapes that do not depend on what is found, for export.

        Args:
            images (Tensor): ``(N, 3, H, W)``, RGB, nominally in [0, 1].

        Returns:
            dict[str, Tensor]: By name, such as ``logits``.

        Raises:
            ConfigError: The library's adapter cannot.
        """
        raise ConfigError(f'{type(self).__name__} has no outputs that can be exported.')

    def features(self, images: Images, layers: Sequence[int | str]) -> tuple[Tensor, ...]:
        """Extract features F_k in eval mode (running statistics, no dropout), without any head.

        The net is called without its distributed wrapper: ``extract_feat`` is not its ``forward``.

        Args:
            images (Images): The images.
            layers (Sequence[int | str]): Which; see :class:`FeatureTaps`.

        Returns:
            tuple[Tensor, ...]: One tensor for each layer, ``(N, C_k, h_k, w_k)`` of maps.
        """
        with eval_mode(self.net):
            inputs = self.feature_inputs(images)
            return FeatureTaps(self.net, layers)(lambda: self.extract_feat(inputs))

    def forward(self, images: Images, mode: str) -> Any:
        """Run a mode of the model's own that needs no targets."""
        inputs = self.preprocess(images, None, training=False)['inputs']
        return self._wrapped(inputs, mode=mode)

    def extract_feat(self, inputs: Tensor) -> Tensor | Sequence[Tensor]:
        """Call the library's extractor (backbone and neck) on what :meth:`preprocess` gives."""
        return self.net.extract_feat(inputs)

    def feature_inputs(
        self, images: Images, data_samples: list[BaseDataElement] | None = None
    ) -> Tensor:
        """Prepare images for :meth:`extract_feat`; data samples, if given, are written to."""
        return self.preprocess(images, data_samples, training=False)['inputs']

    def feature_extents(self, images: Images) -> list[tuple[float, float]]:
        """Tell how much of what :meth:`extract_feat` is given each image fills, less the padding.

        Returns:
            list[tuple[float, float]]: Parts of the height and of the width, in (0, 1].
        """
        samples = self.copy([self.new_data_sample() for _ in images])
        for sample, image in zip(samples, images, strict=True):
            size = tuple(image.shape[-2:])
            sample.set_metainfo(dict(ori_shape=size, img_shape=size))
        height, width = self.feature_inputs(images, samples).shape[-2:]
        return [(sample.img_shape[0] / height, sample.img_shape[1] / width) for sample in samples]

    def preprocess(
        self, images: Images, data_samples: list[BaseDataElement] | None, training: bool
    ) -> dict:
        """Run the model's own data preprocessor.

        Returns:
            dict: ``inputs``, normalised and padded, and ``data_samples``.
        """
        # OpenMMLab's loaders give BGR in [0, 255].
        if isinstance(images, Tensor):
            return self.preprocess_batch(_bgr(images), data_samples, training)
        inputs = map_by_size(_bgr, images)
        return self.net.data_preprocessor(
            {'inputs': inputs, 'data_samples': data_samples}, training
        )

    def preprocess_batch(
        self, images: Tensor, data_samples: list[BaseDataElement] | None, training: bool
    ) -> dict:
        """Run the model's own data preprocessor on images of one size.

        A preprocessor of ours or of the library, which treats a stacked batch as it does a list,
        is given one, so that the number of kernels does not grow with the batch.

        Args:
            images (Tensor): ``(N, 3, H, W)``, BGR in [0, 255].
            data_samples (list[BaseDataElement], optional): See :meth:`preprocess`.
            training (bool): See :meth:`preprocess`.
        """
        preprocessor = self.net.data_preprocessor
        inputs = images if type(preprocessor).__name__ in self.STACKING else list(images)
        return preprocessor({'inputs': inputs, 'data_samples': data_samples}, training)

    @staticmethod
    def new_data_sample() -> BaseDataElement:
        """Make a data sample of the library, for an image that comes without one."""
        return BaseDataElement()

    def copy(self, data_samples: Sequence[BaseDataElement]) -> list[BaseDataElement]:
        """Copy data samples, for preprocessors write into them."""
        return copy_data_samples(data_samples)

    def object_mask(self, data_samples: Sequence[BaseDataElement], size: Sequence[int]) -> Tensor:
        """Tell where objects are, for losses that weigh them.

        Args:
            data_samples (Sequence[BaseDataElement]): With their ground truth.
            size (Sequence[int]): Height and width of the padded batch, in pixels.

        Returns:
            Tensor: ``(N, 1, H, W)``, 1 within objects, 0 elsewhere.

        Raises:
            ConfigError: The task's annotations do not locate anything.
        """
        raise ConfigError(
            'TDPLoss: object_weight needs annotations that locate objects (boxes, masks or label '
            'maps), which this task does not have.'
        )

    def check_dataset(self, dataset: BaseDataset) -> list[str]:
        """Check a data set, by itself and against the model, before a long run is spent on it.

        Args:
            dataset (BaseDataset): The data set, loaded.

        Returns:
            list[str]: What the user should know of it, though training can go on.

        Raises:
            DataError: The data set lacks something that its config promises.
            ConfigError: The model's classes are not the data set's.
        """
        return []

    def check_metric(self, metric: BaseMetric, dataset: BaseDataset) -> None:
        """Check that a metric measures by the annotations of the data set.

        Args:
            metric (BaseMetric): Built.
            dataset (BaseDataset): What it is used on, loaded.

        Raises:
            DataError: It reads others, or there are none.
        """


def _bgr(images: Tensor) -> Tensor:
    return images.flip(1) * 255
