# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tell once when the pixel loss and a perceptual loss are of quite different size."""

from collections.abc import Mapping

from mmengine.hooks import Hook
from mmengine.runner import Runner

from sr4ir_mm.engine.runner.phase import Phase
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.check_number import check_number

MOST, LEAST = 10.0, 0.01
"""Times the pixel loss: above, S learns mostly from the other; below, hardly from it."""


@HOOKS.register_module()
class LossBalanceHook(Hook):
    """Compare a loss with the pixel loss beside it, both as weighed, and warn of a bad balance.

    The mean over the first iterations in which both are there decides, which is after the warm-up;
    that of all of them where a training ends before. Nothing but the log is changed. A weight of 0
    is meant, and not warned of. A resumed run goes on counting, or begins anew with other weights.

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
        self._weights: dict[str, dict[str, float]] = {}
        self._seen = 0
        self._sums = {loss: 0.0, 'pixel': 0.0}

    @property
    def _key(self) -> str:
        """str: Where a checkpoint keeps what was seen."""
        return f'loss_balance_{self.loss}'

    def before_train(self, runner: Runner) -> None:
        """Find the phase that has both losses, and what was seen before an interruption."""
        phases = getattr(runner.train_loop, 'phases', ())
        both = (i for i, p in enumerate(phases) if all(_weighed(p, name) for name in self._sums))
        self._phase = next(both, None)
        if self._phase is None:
            return
        self._weights = {name: dict(phases[self._phase].losses[name]) for name in self._sums}
        kept = runner.message_hub.runtime_info.get(self._key)
        if kept and kept['weights'] == self._weights:
            self._seen, self._sums = kept['seen'], dict(kept['sums'])

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Mapping[str, float] | None = None,
    ) -> None:
        """Add up, and decide when there is enough."""
        if self._phase is None or self._seen >= self.iterations:
            return
        values = outputs or {}
        names = {name: [_logged(name, image) for image in w] for name, w in self._weights.items()}
        if not all(name in values for terms in names.values() for name in terms):
            return  # one is held back, or the phase pauses
        for name, terms in names.items():
            self._sums[name] += sum(values[term] for term in terms)
        self._seen += 1
        kept = dict(weights=self._weights, seen=self._seen, sums=dict(self._sums))
        runner.message_hub.update_info(self._key, kept)
        if self._seen == self.iterations:
            self._decide(runner)

    def after_train(self, runner: Runner) -> None:
        """Decide by less, if there was no more."""
        if self._phase is not None and 0 < self._seen < self.iterations:
            self._decide(runner)

    def _decide(self, runner: Runner) -> None:
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
            for image, weight in self._weights[self.loss].items()
        ]
        advice = 'this makes them equal' if loss and pixel else 'this is the weight'
        runner.logger.warning(
            f'The loss {self.loss!r} is {what} ({loss:.3g} and {pixel:.3g}, weighed, on average '
            f'over {self._seen} iterations). Features have no unit, so it may be meant; if it is '
            f'not, {advice}: --cfg-options {" ".join(keys)}'
        )


def _weighed(phase: Phase, name: str) -> bool:
    """Tell whether a phase has a loss with a weight other than 0."""
    return any(phase.losses.get(name, {}).values())


def _logged(name: str, image: str) -> str:
    """Name a term as :meth:`PhaseBatch.terms` does."""
    return f'loss_{name}' if image == 'sr' else f'{image}.loss_{name}'
