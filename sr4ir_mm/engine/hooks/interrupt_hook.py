# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""End a training where it can go on exactly, when it is asked to."""

import torch
from mmengine.dist import get_world_size
from mmengine.hooks import CheckpointHook, Hook
from mmengine.runner import IterBasedTrainLoop, Runner
from torch import distributed

from sr4ir_mm.registry import HOOKS


class Interrupted(KeyboardInterrupt):
    """All processes stopped between two iterations."""


@HOOKS.register_module()
class InterruptHook(Hook):
    """Stop all processes after the same iteration once one of them was sent a signal.

    A loop by iterations saves a regular checkpoint of that iteration. One by epochs cannot be
    resumed within an epoch, since MMEngine starts that epoch again: so it saves nothing, and what
    came after the last epoch's checkpoint is dropped; an epoch at its last batch is finished.

    A validation changes no weights, and ends at once in a loop by epochs. It goes to its end in a
    loop by iterations, whose state may not have been saved before it, and with several processes,
    of which none may be left waiting for the others' figures.

    Attributes:
        signum (int): The signal that asks to stop; 0 for none.
        begun (bool): Whether an iteration was begun, and not the dry run alone.

    Raises:
        Interrupted: When it is safe to stop.
    """

    priority = 'LOWEST'  # after all that belongs to the iteration, and the regular checkpoints

    def __init__(self) -> None:
        self.signum = 0
        self.begun = False
        self.group: distributed.ProcessGroup | None = None

    def before_run(self, runner: Runner) -> None:
        """Make a group for flags, which are not to wait for what the GPUs are at."""
        if get_world_size() > 1 and self.group is None:
            self.group = distributed.new_group(backend='gloo')

    def before_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        """Note that there is something to lose."""
        self.begun = True

    def after_train_iter(self, runner: Runner, batch_idx: int, *args: object, **kw: object) -> None:
        """Stop here by iterations, and within an epoch that is not about to end."""
        if isinstance(runner.train_loop, IterBasedTrainLoop):
            if self._asked():
                self._save(runner)
                raise Interrupted
        elif batch_idx + 1 < len(runner.train_loop.dataloader) and self._asked():
            raise Interrupted

    def after_train_epoch(self, runner: Runner, *args: object) -> None:
        """Stop after an epoch, whose checkpoint was saved."""
        if not isinstance(runner.train_loop, IterBasedTrainLoop) and self._asked():
            raise Interrupted

    def after_val_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        """Stop in the validation of a single process by epochs."""
        by_epoch = not isinstance(runner.train_loop, IterBasedTrainLoop)
        if self.signum and self.group is None and by_epoch:
            raise Interrupted

    def _asked(self) -> bool:
        """Tell whether any process was asked to stop."""
        if self.group is None:
            return self.signum > 0
        flag = torch.tensor(self.signum)
        distributed.all_reduce(flag, distributed.ReduceOp.MAX, group=self.group)
        # A signal that came meanwhile is not in the flag: it stays for the next time.
        self.signum = int(flag) or self.signum
        return bool(flag)

    @staticmethod
    def _save(runner: Runner) -> None:
        """Save as the regular checkpoints are, unless this iteration's is there."""
        for hook in runner.hooks:
            if isinstance(hook, CheckpointHook) and not hook.by_epoch:
                name = hook.filename_tmpl.format(runner.iter + 1)
                if not str(hook.last_ckpt).endswith(name):
                    hook._save_checkpoint(runner)
