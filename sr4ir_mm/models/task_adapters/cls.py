# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The only code that knows mmpretrain."""

from inspect import signature

import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.structures import BaseDataElement
from torch import Tensor

from sr4ir_mm.errors import DataError
from sr4ir_mm.registry import TASK_ADAPTERS
from sr4ir_mm.utils.faults import Faults

from .base import TaskAdapter
from .dataset_checks import check_files, check_images, check_num_classes


@TASK_ADAPTERS.register_module(name='mmpretrain_adapter')
class ClsAdapter(TaskAdapter):
    """Any mmpretrain classifier, unedited."""

    STACKING = frozenset({'ClsDataPreprocessor'})
    TASK = 'classification'

    @staticmethod
    def new_data_sample() -> BaseDataElement:
        """Make a ``DataSample``."""
        from mmpretrain.structures import DataSample

        return DataSample()

    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """Give ``logits``, ``(N, classes)``."""
        return {'logits': self.forward(images, 'tensor')}

    def extract_feat(self, inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Take the backbone's maps: the neck of a classifier averages them away."""
        extract = self.net.extract_feat
        # Wrappers of other packages' classifiers have one stage only.
        staged = 'stage' in signature(extract).parameters
        return extract(inputs, stage='backbone') if staged else extract(inputs)

    def check_dataset(self, dataset: BaseDataset) -> list[str]:
        """Check classes, labels and images.

        Args:
            dataset (BaseDataset): The data set, loaded.

        Returns:
            list[str]: The classes that have no image to learn from.

        Raises:
            DataError: An image file is missing or bad, or a label is no class.
            ConfigError: The classifier's number of classes is not the data set's, as happens
                where a folder for validation lacks a class and so shifts those after it.
        """
        classes = dataset.metainfo.get('classes') or ()
        check_num_classes(self.net, classes)
        check_files(dataset, 'img_path')
        check_images(dataset)
        seen: set[int] = set()
        for index in range(len(dataset) if classes else 0):
            info = dataset.get_data_info(index)
            for label in np.atleast_1d(info.get('gt_label', 0)):
                if not 0 <= label < len(classes):
                    raise DataError(
                        f'{info["img_path"]} has the label {label}, but there are {len(classes)} '
                        'classes, counted from 0: correct the annotation file or metainfo.classes.'
                    )
                seen.add(int(label))
        notes = Faults()
        for label, name in enumerate(classes):
            if label not in seen and not dataset.test_mode:
                notes.add(f'of {len(classes)} classes without an image', name)
        return [str(notes)] if notes else []
