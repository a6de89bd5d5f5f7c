# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train without the TDP loss until the task net's features mean something."""

from collections.abc import Mapping

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.check_number import check_number


@HOOKS.register_module()
class TDPWarmupHook(Hook):
    """Hold a loss back for the first epochs (or iterations).

    Args:
        begin (int): First epoch (in a loop by epochs) or iteration (by iterations) with the loss,
            counted from 0. The paper's: 3 of 30 epochs for detection, 10 of 100 for segmentation,
            20 of 200 for classification.
        loss (str): The loss's name in the phases. Defaults to 'tdp'.
    """

    def __init__(self, begin: int, loss: str = 'tdp') -> None:
        check_number(begin, 'TDPWarmupHook: begin', least=0, whole=True)
        self.begin = begin
        self.loss = loss

    def before_train(self, runner: Runner) -> None:
        """Warn of a training that ends before the loss begins."""
        loop = runner.train_loop
        weighed = any(any(p.losses.get(self.loss, {}).values()) for p in loop.phases)
        if weighed and self.begin >= loop.planned:
            runner.logger.warning(
                f'The loss {self.loss!r} is never used: TDPWarmupHook holds it back until '
                f'begin = {self.begin}, and the training ends after {loop.planned}. Train for '
                f'longer, or let it begin earlier.'
            )

    def before_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        """Decide from the loop's progress alone, so that a resumed run decides the same."""
        loop = runner.train_loop
        (loop.held_back.add if loop.progress < self.begin else loop.held_back.discard)(self.loss)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Mapping[str, float] | None = None,
    ) -> None:
        """Give a loss that comes later its place in the log: beside those of its phase."""
        scalars = runner.message_hub.log_scalars
        names = [name for key in outputs or () if (name := f'train/{key}') in scalars]
        if [name for name in scalars if name in names] != names:
            for name in names:
                scalars.move_to_end(name)
