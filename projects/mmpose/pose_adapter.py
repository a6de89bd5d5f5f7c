# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pose estimators of mmpose as task models: one more library, outside the package.

A config names this file in ``custom_imports`` and the estimator as any other task model:
``task='mmpose::body_2d_keypoint/topdown_heatmap/coco/...'``. mmpose's own pipeline crops persons to
the size that the estimator takes (``TopdownAffine``): those crops are the HR images.
"""

from collections.abc import Sequence

import torch
from mmengine.structures import BaseDataElement
from torch import Tensor

from sr4ir_mm.models.task_adapters import Images, TaskAdapter
from sr4ir_mm.registry import TASK_ADAPTERS


@TASK_ADAPTERS.register_module(name='mmpose_adapter')
class PoseAdapter(TaskAdapter):
    """Any pose estimator of mmpose, unedited."""

    TASK = 'pose estimation'

    @staticmethod
    def new_data_sample() -> BaseDataElement:
        """Make a ``PoseDataSample`` of one person that fills the image."""
        from mmengine.structures import InstanceData
        from mmpose.structures import PoseDataSample

        sample = PoseDataSample()
        sample.gt_instances = InstanceData(bboxes=torch.zeros(1, 4), bbox_scores=torch.ones(1))
        return sample

    def copy(self, data_samples: Sequence[BaseDataElement]) -> list[BaseDataElement]:
        """Copy; an image without a crop's place is all of its picture."""
        copies = super().copy(data_samples)
        for sample in copies:
            if 'input_center' not in sample and 'img_shape' in sample:
                height, width = sample.img_shape
                size = torch.tensor([width, height], dtype=torch.float32).numpy()
                sample.set_metainfo(dict(input_size=size, input_scale=size, input_center=size / 2))
        return copies

    def feature_inputs(
        self, images: Images, data_samples: list[BaseDataElement] | None = None
    ) -> Tensor:
        """Prepare with data samples: mmpose's preprocessor asks for them."""
        return super().feature_inputs(
            images, data_samples or [self.new_data_sample() for _ in images]
        )

    def object_mask(self, data_samples: Sequence[BaseDataElement], size: Sequence[int]) -> Tensor:
        """Take the places where a heatmap of some keypoint is not 0."""
        maps = torch.stack([sample.gt_fields.heatmaps.amax(0, True) for sample in data_samples])
        return (torch.nn.functional.interpolate(maps, tuple(size)) > 0).float()
