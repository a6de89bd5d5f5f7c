# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Gradients that are accumulated, but not yet stepped with, survive in the checkpoint."""

from collections.abc import Iterator

from mmengine.dist import get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch.nn import Parameter

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.nets import unwrap


@HOOKS.register_module()
class PendingGradientsHook(Hook):
    """Make resuming exact in the middle of an accumulation.

    With several processes each has its own part of the gradients and only the first one saves;
    then choose a checkpoint interval that accumulative_counts divides (a warning says so).
    """

    KEY = 'pending_gradients'

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Put the gradients of nets that wait for their step beside the weights."""
        pending = {
            name: {
                key: param.grad.cpu()
                for key, param in self._named(runner, name)
                if param.grad is not None
            }
            for name, wrapper in runner.optim_wrapper.items()
            if not wrapper.should_update()
        }
        if pending and get_world_size() > 1:
            runner.logger.warning(
                'This checkpoint falls between two optimizer steps: gradients accumulated by '
                'other processes are lost if training is resumed from it. Make the checkpoint '
                'interval a multiple of accumulative_counts.'
            )
        checkpoint[self.KEY] = pending

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Put them back when training is resumed."""
        if not runner._resume:
            return
        for name, grads in checkpoint.get(self.KEY, {}).items():
            params = dict(self._named(runner, name))
            for key in params.keys() & grads.keys():
                params[key].grad = grads[key].to(params[key].device)

    @staticmethod
    def _named(runner: Runner, net: str) -> Iterator[tuple[str, Parameter]]:
        """Give weights by all their names: a net may add second ones while it trains."""
        return unwrap(runner.model).net(net).named_parameters(remove_duplicate=False)
