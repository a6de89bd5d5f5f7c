# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The only code that knows mmdet."""

import os.path as osp
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.dataset import BaseDataset
from mmengine.evaluator import BaseMetric
from mmengine.structures import BaseDataElement
from torch import Tensor, nn

from sr4ir_mm.registry import TASK_ADAPTERS

from .base import TaskAdapter
from .box_checks import check_coco_dataset, check_coco_metric, check_instances
from .dataset_checks import check_files, check_images, check_num_classes


@TASK_ADAPTERS.register_module(name='mmdet_adapter')
class DetAdapter(TaskAdapter):
    """Any mmdet detector, unedited."""

    STACKING = frozenset({'DetDataPreprocessor', 'ResizeDetDataPreprocessor'})
    TASK = 'detection'
    PADDED_BY = 'data_preprocessor=dict(pad_size_divisor=32)'
    ONE_SIZE = True  # mmdet computes sizes by NumPy, and chooses boxes image by image
    STATISTICS = frozenset({'mmdet.models.losses.accuracy.accuracy'})

    @staticmethod
    def new_data_sample() -> BaseDataElement:
        """Make a ``DetDataSample``."""
        from mmdet.structures import DetDataSample

        return DetDataSample()

    def copy(self, data_samples: Sequence[BaseDataElement]) -> list[BaseDataElement]:
        """Copy; detectors ask for the factor of a Resize that the pipeline may not have."""
        copies = super().copy(data_samples)
        for sample in copies:
            if 'scale_factor' not in sample:
                sample.set_metainfo({'scale_factor': (1.0, 1.0)})
        return copies

    def keep_all(self) -> None:
        """Set the least scores to 0, so that there are boxes to suppress and to evaluate."""
        for module in self.net.modules():
            _keep_all(getattr(module, 'test_cfg', None))

    def outputs(self, images: Tensor) -> dict[str, Tensor]:
        """Give ``boxes`` ``(D, 4)``, ``scores`` and ``labels`` ``(D,)``, best first, of one image.

        D is the most that may be found; rows with a score of 0 are no detections. Boxes are x1, y1,
        x2, y2 in the image's pixels. Masks are not given.
        """
        from .fixed_shapes import fixed_shapes

        size = tuple(images.shape[-2:])
        sample = self.new_data_sample()
        sample.set_metainfo(dict(ori_shape=size, img_shape=size))
        with fixed_shapes(self.net):
            found = self.predict(images, [sample])[0].pred_instances
        boxes = getattr(found.bboxes, 'tensor', found.bboxes)
        return dict(boxes=boxes, scores=found.scores, labels=found.labels)

    def object_mask(self, data_samples: Sequence[BaseDataElement], size: Sequence[int]) -> Tensor:
        """Fill the masks of objects or, where there are none, their boxes."""
        masks = []
        for sample in data_samples:
            instances = sample.gt_instances
            boxes = instances.bboxes
            mask = torch.zeros(1, *size, device=boxes.device)
            if 'masks' in instances:
                inside = instances.masks.to_tensor(torch.float32, boxes.device).amax(0)
                mask[0, : inside.shape[0], : inside.shape[1]] = inside
            else:
                for x1, y1, x2, y2 in getattr(boxes, 'tensor', boxes).round().long().tolist():
                    mask[0, max(y1, 0) : y2, max(x1, 0) : x2] = 1
            masks.append(mask)
        return torch.stack(masks)

    def check_dataset(self, dataset: BaseDataset) -> list[str]:
        """Check classes, boxes and images.

        Args:
            dataset (BaseDataset): The data set, loaded.

        Returns:
            list[str]: What will be left out of it, or may be meant.

        Raises:
            DataError: Training would be on nothing, evaluation wrong, or a file is missing or bad.
            ConfigError: The detector's number of classes is not the data set's.
        """
        classes = dataset.metainfo.get('classes') or ()
        # Of sets in COCO's form, whose loaders leave out without a word what the file has amiss.
        coco = hasattr(dataset, 'cat_ids') and osp.isfile(dataset.ann_file)
        note = check_coco_dataset(dataset, classes) if coco else check_instances(dataset)
        # An RPN tells objects from background, whatever their classes; a semantic branch has stuff.
        other = [name for name, module in self.net.named_modules() if _is_rpn(name, module)]
        things = dataset.metainfo.get('thing_classes') or classes
        stuff = dataset.metainfo.get('stuff_classes') or ()
        check_num_classes(self.net, classes, (*other, 'semantic_head'), (len(things), len(stuff)))
        check_files(dataset, 'img_path')
        check_images(dataset)
        return [note] if note else []

    def check_metric(self, metric: BaseMetric, dataset: BaseDataset) -> None:
        """Check that a metric with annotations of its own has those of the data set.

        Args:
            metric (BaseMetric): Built.
            dataset (BaseDataset): What it is used on, loaded.

        Raises:
            DataError: They are of other images, or there are none.
        """
        check_coco_metric(metric, dataset)


def _is_rpn(name: str, module: nn.Module) -> bool:
    """Tell whether a head, or what it is a part of, proposes regions; cascades have several."""
    kinds = [kind.__name__ for kind in type(module).__mro__]
    return 'rpn_head' in name.split('.') or any(kind.endswith('RPNHead') for kind in kinds)


def _keep_all(cfg: Any) -> None:
    if isinstance(cfg, dict):
        if 'score_thr' in cfg:
            cfg['score_thr'] = 0.0
        for part in cfg.values():
            _keep_all(part)
