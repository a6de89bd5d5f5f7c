# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures: LR, SR and HR side by side, with what the task model sees in each."""

import os.path as osp
from collections.abc import Sequence

import mmcv
import numpy as np
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.structures import BaseDataElement
from mmengine.utils import mkdir_or_exist

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.visualization import draw_sample, enlarge, to_uint8


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
            np.ndarray: ``(H, 3 * W, 3)``, RGB in 0..255; two panels where there is no LR image.
        """
        visualizer, sample = runner.visualizer, sample.cpu()
        height, width = sample.hr_shape
        images = [to_uint8(image[:, :height, :width]) for image in (sample.sr, sample.hr)]
        if 'lr' in sample:
            scale = unwrap(runner.model).scale
            images.insert(0, enlarge(to_uint8(sample.lr), scale, height, width))
        if 'pred_instances' in sample or 'pred_sem_seg' in sample:  # at the original size
            height, width = sample.ori_shape[:2]
            images = [
                mmcv.imresize(image, (width, height), interpolation='nearest') for image in images
            ]
        *lr, sr, hr = images
        sr = draw_sample(visualizer, sr, sample, truth=False)
        hr = draw_sample(visualizer, hr, sample, truth=True)
        return np.concatenate([*lr, sr, hr], axis=1)
