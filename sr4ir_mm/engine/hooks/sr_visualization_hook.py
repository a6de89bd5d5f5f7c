# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures: LR, SR and HR side by side, with what the task model sees in each."""

import os.path as osp
from collections.abc import Sequence

import cv2
import mmcv
import numpy as np
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.structures import BaseDataElement
from mmengine.utils import mkdir_or_exist
from torch import Tensor

from sr4ir_mm.models.phase_batch import unwrap
from sr4ir_mm.registry import HOOKS


def to_uint8(image: Tensor) -> np.ndarray:
    """Turn ``(3, H, W)``, RGB, nominally in [0, 1], into ``(H, W, 3)``, RGB in 0..255."""
    array = image.detach().float().mul(255).round().clamp(0, 255).byte()
    return array.permute(1, 2, 0).contiguous().cpu().numpy()


def plain_boxes(sample: BaseDataElement) -> None:
    """Unwrap boxes, in place: mmdet's pipelines wrap them, its visualizer takes tensors."""
    instances = sample.get('gt_instances')
    if instances is not None and hasattr(instances.get('bboxes'), 'tensor'):
        instances.bboxes = instances.bboxes.tensor


@HOOKS.register_module()
class SRVisualizationHook(Hook):
    """Draw test and validation images with the library's own visualizer.

    Each picture shows, from left to right, LR (enlarged to see its pixels), SR with the
    predictions, and HR with the ground truth.

    Args:
        draw (bool): Whether to draw at all. Defaults to False.
        interval (int): Draw every interval-th image. Defaults to 50 in validation; a test draws
            all.
        show (bool): Show in a window instead of writing. Defaults to False.
        wait_time (float): Seconds that a window stays. Defaults to 0.
        out_dir (str, optional): Folder in the run's dated folder. Defaults to 'pictures'.
    """

    def __init__(
        self,
        draw: bool = False,
        interval: int = 50,
        show: bool = False,
        wait_time: float = 0.0,
        out_dir: str | None = None,
    ) -> None:
        self.draw = draw
        self.interval = interval
        self.show = show
        self.wait_time = wait_time
        self.out_dir = out_dir or 'pictures'

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[BaseDataElement],
    ) -> None:
        """Draw every interval-th batch."""
        if batch_idx % self.interval == 0:
            self._draw(runner, outputs)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[BaseDataElement],
    ) -> None:
        """Draw every batch."""
        self._draw(runner, outputs)

    def _draw(self, runner: Runner, outputs: Sequence[BaseDataElement]) -> None:
        # MMEngine's visualizers work in the main process alone, so only its images are drawn.
        if not self.draw or not is_main_process():
            return
        for sample in outputs:
            picture = self.compose(runner, sample)
            name = osp.splitext(osp.basename(sample.get('img_path', 'image')))[0]
            if self.show:
                runner.visualizer.show(picture, win_name=name, wait_time=self.wait_time)
            else:
                folder = osp.join(runner.work_dir, runner.timestamp, self.out_dir)
                mkdir_or_exist(folder)
                mmcv.imwrite(picture[..., ::-1], osp.join(folder, f'{name}.png'))

    def compose(self, runner: Runner, sample: BaseDataElement) -> np.ndarray:
        """Put the panels of one image side by side.

        Args:
            runner (Runner): The runner, for its visualizer.
            sample (BaseDataElement): A prediction of SR4IR.

        Returns:
            np.ndarray: ``(H, 3 * W, 3)``, RGB in 0..255.
        """
        sr, hr = to_uint8(sample.sr), to_uint8(sample.hr)
        height, width = hr.shape[:2]
        plain_boxes(sample)  # a run without a task net leaves them as the pipeline gave them
        panels = []
        if 'lr' in sample:
            # Nearest neighbours show LR pixels as they are.
            lr = cv2.resize(
                to_uint8(sample.lr),
                None,
                fx=self._scale(runner),
                fy=self._scale(runner),
                interpolation=cv2.INTER_NEAREST,
            )
            panels.append(lr[:height, :width])
        panels.append(self._annotate(runner, sr, sample, truth=False))
        panels.append(self._annotate(runner, hr, sample, truth=True))
        return np.concatenate(panels, axis=1)

    @staticmethod
    def _scale(runner: Runner) -> int:
        model = unwrap(runner.model)
        return model.scale

    @staticmethod
    def _annotate(
        runner: Runner, image: np.ndarray, sample: BaseDataElement, truth: bool
    ) -> np.ndarray:
        runner.visualizer.add_datasample(
            'panel', image, sample.cpu(), draw_gt=truth, draw_pred=not truth
        )
        return runner.visualizer.get_image()
