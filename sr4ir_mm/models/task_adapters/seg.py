# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The only code that knows mmseg."""

from collections.abc import Sequence

import torch
from mmengine.dataset import BaseDataset
from mmengine.structures import BaseDataElement
from torch import Tensor

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import TASK_ADAPTERS

from ..same_draws import no_augments
from .base import Images, TaskAdapter
from .dataset_checks import check_files, check_images, check_num_classes
from .label_checks import check_labels
from .seg_batch import normalize_stacked, pad_stacked, stackable


@TASK_ADAPTERS.register_module(name='mmseg_adapter')
class SegAdapter(TaskAdapter):
    """Any mmseg segmentor, unedited."""

    TASK = 'segmentation'
    STATISTICS = frozenset({'mmseg.models.losses.accuracy.accuracy'})
    PADDED_BY = 'data_preprocessor=dict(size=None, size_divisor=32, test_cfg=dict(size_divisor=32))'

    @staticmethod
    def new_data_sample() -> BaseDataElement:
        """Make a ``SegDataSample``."""
        from mmseg.structures import SegDataSample

        return SegDataSample()

    def predict(
        self, images: Images, data_samples: Sequence[BaseDataElement]
    ) -> list[BaseDataElement]:
        """Predict at the size of the label map, wherever the pipeline loads it.

        The paper resizes label maps with the images and measures there; mmseg's own pipelines
        load them at their native size, after the resize. mmseg tests images of one size only, so
        those of several sizes go one by one.
        """
        if not isinstance(images, Tensor):
            pairs = zip(images, data_samples, strict=True)
            return [self.predict(image[None], [sample])[0] for image, sample in pairs]
        copies = self.copy(data_samples)
        for sample in copies:
            if 'gt_sem_seg' in sample:
                sample.set_metainfo({'ori_shape': tuple(sample.gt_sem_seg.shape)})
        return super().predict(images, copies)

    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """Give ``logits``, ``(N, classes, H, W)``, before what turns them into a label map."""
        height, width = images.shape[-2:]
        inputs = self.preprocess(images, [self.new_data_sample()], training=False)['inputs']
        # mmseg reads sizes off the first image's alone, for a batch has one size.
        size = inputs.shape[-2:]
        meta = dict(ori_shape=size, img_shape=size, pad_shape=size)
        logits = self.net.inference(inputs, [meta])
        return {'logits': logits[..., :height, :width]}

    def feature_inputs(
        self, images: Images, data_samples: list[BaseDataElement] | None = None
    ) -> Tensor:
        """Prepare as for training: only then does mmseg pad images of several sizes to one."""
        samples = data_samples or [BaseDataElement() for _ in images]
        with no_augments(self.net.data_preprocessor):
            return self.preprocess(images, samples, training=True)['inputs']

    def preprocess_batch(
        self, images: Tensor, data_samples: list[BaseDataElement] | None, training: bool
    ) -> dict:
        """Prepare all at once, where mmseg's preprocessor would give the same."""
        preprocessor = self.net.data_preprocessor
        if data_samples is None or not stackable(preprocessor, data_samples, training):
            return super().preprocess_batch(images, data_samples, training)
        inputs = normalize_stacked(preprocessor, images)
        if training:
            inputs = pad_stacked(preprocessor, inputs, data_samples)
        return {'inputs': inputs, 'data_samples': data_samples}

    def object_mask(self, data_samples: Sequence[BaseDataElement], size: Sequence[int]) -> Tensor:
        """Take all labels but the first, the background, and those to ignore."""
        masks = []
        for sample in data_samples:
            label = sample.gt_sem_seg.data
            mask = torch.zeros(1, *size, device=label.device)
            mask[:, : label.shape[1], : label.shape[2]] = (label > 0) & (label != 255)
            masks.append(mask)
        return torch.stack(masks)

    def check_dataset(self, dataset: BaseDataset) -> list[str]:
        """Check classes, files and label values.

        Args:
            dataset (BaseDataset): The data set, loaded.

        Returns:
            list[str]: What may be meant.

        Raises:
            DataError: A file is missing or bad, or a label map has a value that is no class.
            ConfigError: The number of classes is not the data set's, or the segmentor cannot pad.
        """
        preprocessor = self.net.data_preprocessor
        if (preprocessor.size is None) == (preprocessor.size_divisor is None):
            raise ConfigError(
                'model.task.data_preprocessor needs either size, the (height, width) of training '
                'crops, or size_divisor, and not both: mmseg pads training images with it.'
            )
        classes = dataset.metainfo.get('classes') or ()
        check_num_classes(self.net, classes)
        keys = ['img_path']
        if len(dataset) and dataset.get_data_info(0).get('seg_map_path'):
            keys.append('seg_map_path')
        check_files(dataset, *keys)
        check_images(dataset)
        return check_labels(dataset, len(classes)) if classes and len(keys) > 1 else []
