# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Pictures: LR, SR and HR side by side, with what the task model sees in each."""

import os.path as osp
from collections.abc import Sequence
from typing import Any

import mmcv
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmengine.structures import BaseDataElement

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.visualization import PictureNames, side_by_side


@HOOKS.register_module()
class SRVisualizationHook(Hook):
    """Give pictures of validation and test images to the run's visualizer, and so to its backends.

    Each picture shows, from left to right, LR (enlarged to see its pixels), SR with the
    predictions, and HR with the ground truth. It is called ``val/<path>`` or ``test/<path>``, by
    the image's path below the folder that all images of the data set share; its step is the number
    of iterations that were trained.

    Args:
        draw (bool): Whether to draw at all. Defaults to False.
        interval (int): In validation, draw the images of every interval-th batch; a test draws
            all. Defaults to 50.
        score_thr (float): Least score of an object that is drawn. Defaults to 0.3.
        show (bool): Show in a window instead. Defaults to False.
        wait_time (float): Seconds that a window stays. Defaults to 0.
        test_out_dir (str, optional): As in mmdet: a folder in the run's dated folder, where a test
            writes its pictures instead. Defaults to None.
    """

    def __init__(
        self,
        draw: bool = False,
        interval: int = 50,
        score_thr: float = 0.3,
        show: bool = False,
        wait_time: float = 0.0,
        test_out_dir: str | None = None,
    ) -> None:
        self.draw = draw
        self.interval = interval
        self.score_thr = score_thr
        self.show = show
        self.wait_time = wait_time
        self.test_out_dir = test_out_dir
        self._names = PictureNames()

    def before_val_epoch(self, runner: Runner) -> None:
        """Begin to name pictures."""
        self._begin(runner.val_loop)

    def before_test_epoch(self, runner: Runner) -> None:
        """Begin to name pictures."""
        self._begin(runner.test_loop)

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[BaseDataElement],
    ) -> None:
        """Draw every interval-th batch."""
        if batch_idx % self.interval == 0:
            self._draw(runner, 'val', outputs)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[BaseDataElement],
    ) -> None:
        """Draw every batch."""
        self._draw(runner, 'test', outputs)

    def _begin(self, loop: Any) -> None:
        dataset = loop.dataloader.dataset
        # Not every data set tells its images' paths beforehand.
        known = self.draw and hasattr(dataset, 'get_data_info')
        infos = map(dataset.get_data_info, range(len(dataset) if known else 0))
        self._names = PictureNames(info['img_path'] for info in infos if info.get('img_path'))

    def _draw(self, runner: Runner, mode: str, outputs: Sequence[BaseDataElement]) -> None:
        # MMEngine's visualizers work in the main process alone, so only its images are drawn.
        if not self.draw or not is_main_process():
            return
        visualizer, scale = runner.visualizer, unwrap(runner.model).scale
        for sample in outputs:
            name = self._names.add(sample.get('img_path', 'image'))
            picture = side_by_side(sample.cpu(), scale, visualizer, self.score_thr)
            if self.show:
                visualizer.show(picture, win_name=name, wait_time=self.wait_time)
            elif mode == 'test' and self.test_out_dir:
                folder = osp.join(runner.work_dir, runner.timestamp, self.test_out_dir)
                mmcv.imwrite(picture[..., ::-1], osp.join(folder, f'{name}.png'))
            else:
                visualizer.add_image(f'{mode}/{name}', picture, runner.iter)
