# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""MMEngine's checkpoints, at the same times and by the same names, of which none gets lost."""

from pathlib import Path
from typing import Any

from mmengine.dist import barrier, is_main_process
from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import BaseLoop, Runner

from sr4ir_mm.checkpoints import (
    POINTER,
    VALIDATION_DUE,
    checkpoint_file,
    checkpoint_to_resume,
    set_aside,
)
from sr4ir_mm.engine.runner.validation_due import validation_due
from sr4ir_mm.engine.saving import WHOLE, WholeFileBackend, save_run
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.spelling import suggest


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """MMEngine's CheckpointHook for runs that may be killed, and for disks that may be full.

    A checkpoint, the best one and ``last_checkpoint`` are written beside their place and moved
    there when they are whole; what they take the place of is removed after that. Checkpoints of an
    earlier run in the folder, which this one does not go on from, are set aside; one that goes on
    takes the last that can be read, whatever became of ``last_checkpoint``.

    A checkpoint that comes before a validation says so, and is written again after it, with the
    figures, the best score and the schedulers that follow a figure: so a run that is resumed
    neither misses a validation (see :class:`MissedValidationHook`) nor has one twice. The arguments
    are MMEngine's.

    Attributes:
        waiting (int | None): The step of the checkpoint that waits for its validation.
        validated (int | None): The step of the last validation.
    """

    file_backend: Any
    waiting: int | None = None
    validated: int | None = None

    def before_run(self, runner: Runner) -> None:
        """Find what ``resume=True`` alone goes on from; MMEngine believes the pointer.

        Raises:
            CheckpointError: There are checkpoints, but none can be read.
            ConfigError: A folder is where the pointer to them belongs.
        """
        if Path(runner.work_dir, POINTER).is_dir():
            raise ConfigError(
                f'{Path(runner.work_dir, POINTER)} is a folder, where the name of the last '
                'checkpoint is to be written: move it, or choose another work dir.'
            )
        if not runner._resume or runner._load_from is not None:
            return
        path, passed_over = checkpoint_to_resume(runner.work_dir)
        for line in passed_over:
            runner.logger.warning(line)
        runner._load_from, runner._resume = path and str(path), path is not None

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Learn whether the checkpoint that is resumed from waits for its validation."""
        meta = checkpoint.get('meta', {})
        if runner._resume and meta.get(VALIDATION_DUE):
            self.waiting = meta['epoch' if self.by_epoch else 'iter']

    def before_train(self, runner: Runner) -> None:
        """Choose how files are written, and make room."""
        super().before_train(runner)
        if type(self.file_backend) is not LocalBackend:
            return  # a remote store writes in its own way
        self.backend_args, self.file_backend = WHOLE, WholeFileBackend()
        if not self._goes_on_here(runner) and is_main_process():
            previous = set_aside(self.out_dir, runner.timestamp)
            if previous:
                runner.logger.warning(
                    f'{self.out_dir} held checkpoints of an earlier run: they are in {previous} '
                    'now. (--resume goes on from the last one instead.)'
                )
        barrier()

    def _goes_on_here(self, runner: Runner) -> bool:
        source = runner._load_from
        return (
            runner._resume
            and source is not None
            and Path(source).resolve().parent == Path(self.out_dir).resolve()
        )

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict) -> None:
        """Save, point to it, and only then remove the one too many."""
        outdated = None
        if self.max_keep_ckpts > 0 and step not in self.keep_ckpt_ids:
            if len(self.keep_ckpt_ids) == self.max_keep_ckpts:
                outdated = self.filename_tmpl.format(self.keep_ckpt_ids.popleft())
            self.keep_ckpt_ids.append(step)
            runner.message_hub.update_info('keep_ckpt_ids', list(self.keep_ckpt_ids))
        name = self.filename_tmpl.format(step)
        self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        due = step != self.validated and validation_due(runner, step, self.by_epoch)
        self.waiting = step if due else None
        save_run(
            runner,
            self.out_dir,
            name,
            {**meta, VALIDATION_DUE: due},
            file_client_args=self.file_client_args,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if is_main_process():
            with checkpoint_file(Path(runner.work_dir, POINTER)) as file:
                file.write(str(self.last_ckpt).encode())
            if outdated:
                self.file_backend.remove(self.file_backend.join_path(self.out_dir, outdated))
            self._settle()

    def after_val_epoch(self, runner: Runner, metrics: dict) -> None:
        """Save the best one, and what was saved before the validation again."""
        if not isinstance(runner._train_loop, BaseLoop):
            return  # a validation alone has nothing to save
        step = self.validated = runner.epoch if self.by_epoch else runner.iter
        super().after_val_epoch(runner, metrics)
        if self.waiting == step:  # as it does unless a new best one was found
            meta = dict(epoch=runner.epoch, iter=runner.iter)
            self._save_checkpoint_with_step(runner, step, meta)

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        """Save the best one, and only then remove the one that was the best before.

        A metric that gave nothing, as a detector's that has detected nothing yet, makes no best.

        Raises:
            ConfigError: No metric is called so.
        """
        absent = self.check_figures(runner, metrics)
        for key in absent:
            runner.logger.warning(f'This validation gave no {key}: there is no best one yet.')
        # MMEngine passes over a score of None.
        super()._save_best_checkpoint(runner, {**dict.fromkeys(absent), **metrics})
        self._settle()

    def check_figures(self, runner: Runner, metrics: dict) -> list[str]:
        """Compare ``save_best`` with the figures of a validation.

        Returns:
            list[str]: Figures that were not given, for their metric gave nothing.

        Raises:
            ConfigError: No metric is called so.
        """
        absent = [key for key in self.save_best or () if key != 'auto' and key not in metrics]
        for key in absent:
            if key.partition('/')[0] not in _silent(runner, metrics):
                raise ConfigError(
                    f'default_hooks.checkpoint.save_best = {key!r}: a validation gives no such '
                    f'figure; {suggest(key, metrics)}'
                )
        return absent

    def _settle(self) -> None:
        if isinstance(self.file_backend, WholeFileBackend):
            self.file_backend.settle(self.out_dir)


def _silent(runner: Runner, figures: dict) -> set[str]:
    """Give the prefixes of the metrics that are validated with, but gave no figure."""
    prefixes = {metric.prefix for metric in runner.val_loop.evaluator.metrics if metric.prefix}
    return prefixes - {name.partition('/')[0] for name in figures}
