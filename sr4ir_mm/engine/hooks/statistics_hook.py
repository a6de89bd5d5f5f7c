# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Nothing is computed for a log that is not written."""

from typing import Any

from mmengine.hooks import Hook, LoggerHook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class StatisticsHook(Hook):
    """Let task models compute what only the log shows, as accuracies, where a line is written.

    Losses, weights and the lines stay as they are: MMEngine writes the last value of a statistic,
    not a mean. Where the config asks for means of its own (``log_processor.custom_cfg``), or
    nothing is known of the log, each iteration has its statistics.
    """

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """Tell the model whether this iteration will be logged."""
        loggers = [hook for hook in runner.hooks if isinstance(hook, LoggerHook)]
        model = unwrap(runner.model)
        model.with_statistics = (
            not loggers
            or bool(runner.log_processor.custom_cfg)
            or self.is_last_train_iter(runner)
            or self.end_of_epoch(runner.train_dataloader, batch_idx)
            or any(self.every_n_inner_iters(batch_idx, logger.interval) for logger in loggers)
        )

    def after_train(self, runner: Runner) -> None:
        """Leave the model as it was."""
        unwrap(runner.model).with_statistics = True
