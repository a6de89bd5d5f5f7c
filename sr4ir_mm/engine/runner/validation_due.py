# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""When MMEngine's training loops validate."""

from bisect import bisect

from mmengine.runner import IterBasedTrainLoop, Runner


def validation_due(runner: Runner, done: int, by_epoch: bool) -> bool:
    """Tell whether the training loop validates after so many steps.

    Args:
        runner (Runner): The runner.
        done (int): Epochs or iterations done.
        by_epoch (bool): Which of them; a loop that counts in the other does not validate there.
    """
    loop = runner.train_loop
    if by_epoch is isinstance(loop, IterBasedTrainLoop):
        return False
    if runner.val_loop is None or done < loop.val_begin:
        return False
    interval = loop.dynamic_intervals[bisect(loop.dynamic_milestones, done + 1) - 1]
    return done % interval == 0 or done == (loop.max_epochs if by_epoch else loop.max_iters)
