# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Each process goes on with the statistics that were its own."""

from mmengine.dist import get_rank, get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.engine.saving import RANK_BUFFERS
from sr4ir_mm.registry import HOOKS


@HOOKS.register_module()
class RankBuffersHook(Hook):
    """Make resuming exact where batch norm is not synchronised.

    The nets' buffers then differ from process to process. Those of the first process are the
    checkpoint's weights; those of the others are beside them under ``rank_buffers``, and are given
    back to each. A moving average (see :class:`NetEMAHook`) has the first one's in all processes.
    """

    priority = 'LOW'  # after NetEMAHook has told which weights training goes on with

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Put what :func:`save_run` gathered beside the weights."""
        gathered = checkpoint['meta'].pop(RANK_BUFFERS, None)
        if gathered:
            checkpoint[RANK_BUFFERS] = gathered

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Take this process's own when training is resumed."""
        if not runner._resume:
            return
        checkpoint['state_dict'].update(checkpoint.get(RANK_BUFFERS, {}).get(get_rank(), {}))
        before, now = checkpoint['meta'].get('world_size'), get_world_size()
        if before not in (None, now):
            runner.logger.warning(
                f'The checkpoint is of {before} process(es), resumed with {now}: batches are put '
                'together in another way, so the run does not go on exactly.'
            )
