# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Refuse a checkpoint that does not fit, where MMEngine would load the part that does."""

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import check_state_dict
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap

# What MMEngine saves of a run, and would silently begin anew where it is missing.
RESUMED = ('state_dict', 'meta', 'message_hub', 'optimizer')


@HOOKS.register_module()
class StrictLoadHook(Hook):
    """Compare a checkpoint with the model before it is loaded, to test, to resume or to start.

    And write such checkpoints: a net may give a part of it a second name while it trains, as
    mmdet's DDQ-DETR does, under which a net that was just built does not know those weights.

    Raises:
        CheckpointError: Names or shapes differ, or a run cannot be resumed from this file.
    """

    def before_run(self, runner: Runner) -> None:
        """Note the names of the model as it is built."""
        self._names = set(unwrap(runner.model).state_dict())

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Leave out the second names of weights."""
        own = unwrap(runner.model).state_dict(keep_vars=True)
        kept = {id(value) for name, value in own.items() if name in self._names}
        for name, value in own.items():
            if name not in self._names and id(value) in kept:
                checkpoint['state_dict'].pop(name, None)

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Check ``checkpoint['state_dict']``."""
        model = unwrap(runner.model)
        state = checkpoint.get('state_dict', checkpoint)
        source = getattr(runner, '_load_from', None) or 'that is resumed from'
        missing = _missing(runner, checkpoint) if runner._resume else []
        if missing:
            raise CheckpointError(
                f'{source} has no {", ".join(missing)}: no run can go on from it. To start one '
                'from its weights, name it in load_from and do not resume.'
            )
        check_state_dict(model, state, f'{source}, for the model of {runner.cfg.filename}')


def _missing(runner: Runner, checkpoint: dict) -> list[str]:
    """Name what of a run's state is not in a checkpoint, by net where each has its own."""
    parts = [*RESUMED, *(['param_schedulers'] if runner.param_schedulers else [])]
    missing = [part for part in parts if part not in checkpoint]
    for part, own in (
        ('optimizer', runner.optim_wrapper),
        ('param_schedulers', runner.param_schedulers),
    ):
        if part in checkpoint and hasattr(own, 'keys'):
            missing += [f'{part}.{name}' for name, _ in own.items() if name not in checkpoint[part]]
    return missing
