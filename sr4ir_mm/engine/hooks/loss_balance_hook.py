# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tell once when the pixel loss and a perceptual loss are of quite different size."""

from collections.abc import Mapping

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.check_number import check_number

MOST, LEAST = 10.0, 0.01
"""Times the pixel loss: above, S learns mostly from the other; below, hardly from it."""


@HOOKS.register_module()
class LossBalanceHook(Hook):
    """Compare a loss with the pixel loss beside it, both as weighed, and warn of a bad balance.

    The mean over the first iterations in which both are there decides, which is after the warm-up.
    Nothing but the log is changed. A weight of 0 is meant, and not warned of.

    Args:
        loss (str): The loss's name in the phases. Defaults to 'tdp'.
        iterations (int): How many to average over. Defaults to 100.
    """

    priority = 'LOW'

    def __init__(self, loss: str = 'tdp', iterations: int = 100) -> None:
        check_number(iterations, 'LossBalanceHook: iterations', least=1, whole=True)
        self.loss = loss
        self.iterations = iterations
        self._phase: int | None = None
        self._seen = 0
        self._sums = {loss: 0.0, 'pixel': 0.0}

    def before_train(self, runner: Runner) -> None:
        """Find the phase that has both losses."""
        for index, phase in enumerate(getattr(runner.train_loop, 'phases', ())):
            if all(any(phase.losses.get(name, {}).values()) for name in self._sums):
                self._phase = index
                return

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Mapping[str, float] | None = None,
    ) -> None:
        """Add up, and decide when there is enough."""
        if self._phase is None or self._seen == self.iterations:
            return
        weights = runner.train_loop.phases[self._phase].losses
        values = outputs or {}
        names = {name: [_logged(name, image) for image in weights[name]] for name in self._sums}
        if not all(name in values for terms in names.values() for name in terms):
            return  # one is held back, or the phase pauses
        for name, terms in names.items():
            self._sums[name] += sum(values[term] for term in terms)
        self._seen += 1
        if self._seen == self.iterations:
            self._decide(runner, weights[self.loss])

    def _decide(self, runner: Runner, weights: Mapping[str, float]) -> None:
        loss, pixel = (total / self._seen for total in self._sums.values())
        if LEAST * pixel <= loss <= MOST * pixel:
            return
        if loss > pixel:
            times = f'{loss / pixel:.1f} times' if pixel else 'all beside'
            what = f'{times} the pixel loss, so S learns mostly from it'
        else:
            what = f'{loss / pixel:.1g} of the pixel loss, so S learns hardly anything from it'
        factor = pixel / loss if loss and pixel else 1.0
        keys = [
            f'phases.{self._phase}.losses.{self.loss}.{image}={weight * factor:.2g}'
            for image, weight in weights.items()
        ]
        advice = 'What makes them equal' if loss and pixel else 'The weight'
        runner.logger.warning(
            f'The loss {self.loss!r} is {what} ({loss:.3g} and {pixel:.3g}, weighed, on average '
            f'over {self._seen} iterations). {advice}: --cfg-options {" ".join(keys)}'
        )


def _logged(name: str, image: str) -> str:
    """Name a term as :meth:`PhaseBatch.terms` does."""
    return f'loss_{name}' if image == 'sr' else f'{image}.loss_{name}'
