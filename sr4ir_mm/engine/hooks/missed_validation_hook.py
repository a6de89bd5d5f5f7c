# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A validation that a kill cut short is made up for."""

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import VALIDATION_DUE
from sr4ir_mm.registry import HOOKS


@HOOKS.register_module()
class MissedValidationHook(Hook):
    """Validate first, where the checkpoint that is resumed from waits for its validation.

    The figures are logged, and may be the best, at the step that they belong to, once:
    :class:`SafeCheckpointHook` marks a checkpoint that waits and, after the validation, writes it
    again without the mark.
    """

    priority = 'LOWEST'  # when all other hooks are ready for a validation

    def __init__(self) -> None:
        self.due = False

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Look for the mark."""
        self.due = runner._resume and bool(checkpoint.get('meta', {}).get(VALIDATION_DUE))

    def before_train(self, runner: Runner) -> None:
        """Validate."""
        if self.due and runner.val_loop is not None:
            self.due = False
            runner.logger.info('The run had ended before this validation was done:')
            runner.val_loop.run()
