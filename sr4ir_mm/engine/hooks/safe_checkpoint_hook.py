# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""MMEngine's checkpoints, at the same times and by the same names, of which none gets lost."""

from pathlib import Path
from typing import Any

from mmengine.dist import barrier, is_main_process
from mmengine.fileio import LocalBackend
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import POINTER, checkpoint_file, set_aside
from sr4ir_mm.engine.saving import WHOLE, WholeFileBackend, save_run
from sr4ir_mm.registry import HOOKS


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """MMEngine's CheckpointHook for runs that may be killed, and for disks that may be full.

    A checkpoint, the best one and ``last_checkpoint`` are written beside their place and moved
    there when they are whole; what they take the place of is removed after that. Checkpoints of an
    earlier run in the folder, which this one does not go on from, are set aside. The arguments are
    MMEngine's.
    """

    file_backend: Any

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
        source = runner._load_from  # None: MMEngine looks in the work dir
        here = source is None or Path(source).resolve().parent == Path(self.out_dir).resolve()
        return runner._resume and here

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
        save_run(
            runner,
            self.out_dir,
            name,
            meta,
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

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        """Save the best one, and only then remove the one that was the best before."""
        super()._save_best_checkpoint(runner, metrics)
        self._settle()

    def _settle(self) -> None:
        if isinstance(self.file_backend, WholeFileBackend):
            self.file_backend.settle(self.out_dir)
