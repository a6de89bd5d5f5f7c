# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Tell once when the pixel loss and a perceptual loss are of quite different size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mmengine.hooks import Hook
from mmengine.logging import MessageHub
from mmengine.runner import Runner

from sr4ir_mm.engine.runner.phase import Phase
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.losses import TDPLoss
from sr4ir_mm.registry import HOOKS
from sr4ir_mm.utils.check_number import check_number
from sr4ir_mm.utils.nets import unwrap
from sr4ir_mm.utils.spelling import suggest

MOST, LEAST = 10.0, 0.01
"""Times the pixel loss: above, S learns mostly from the other; below, hardly from it."""


@HOOKS.register_module()
class LossBalanceHook(Hook):
    """Compare losses with the pixel loss beside them, all as weighed, and warn of a bad balance.

    The mean over the first iterations in which both are there decides, which is after the warm-up;
    that of all of them where a training ends before. Nothing but the log is changed. A weight of 0
    is meant, and not warned of. A resumed run goes on counting, or begins anew with other weights.

    Args:
        loss (str, optional): The loss's name in the phases. Defaults to None, each TDPLoss.
        iterations (int): How many to average over. Defaults to 100.
    """

    priority = 'LOW'

    def __init__(self, loss: str | None = None, iterations: int = 100) -> None:
        check_number(iterations, 'LossBalanceHook: iterations', least=1, whole=True)
        self.loss = loss
        self.iterations = iterations
        self._balances: list[_Balance] = []

    def before_train(self, runner: Runner) -> None:
        """Find what is compared, and what was seen before an interruption.

        Raises:
            ConfigError: No phase has the loss.
        """
        phases = getattr(runner.train_loop, 'phases', ())
        named = {name for phase in phases for name in phase.losses}
        if self.loss is not None and self.loss not in named:
            raise ConfigError(
                f'LossBalanceHook: loss = {self.loss!r}: no phase names such a loss; '
                f'{suggest(self.loss, named)}'
            )
        losses = getattr(unwrap(runner.model), 'losses', {})
        tdp = [name for name, loss in losses.items() if isinstance(loss, TDPLoss)]
        self._balances = list(_find(phases, tdp if self.loss is None else [self.loss]))
        for balance in self._balances:
            balance.recall(runner.message_hub)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: object = None,
        outputs: Mapping[str, float] | None = None,
    ) -> None:
        """Add up, and decide when there is enough."""
        for balance in self._balances:
            if balance.seen >= self.iterations:
                continue
            balance.add(outputs or {}, runner.message_hub)
            if balance.seen == self.iterations:
                balance.warn(runner)

    def after_train(self, runner: Runner) -> None:
        """Decide by less, if there was no more."""
        for balance in self._balances:
            if 0 < balance.seen < self.iterations:
                balance.warn(runner)


@dataclass
class _Balance:
    """A loss beside the pixel loss: their weights in a phase, and their sums so far."""

    loss: str
    phase: int
    weights: dict[str, dict[str, float]]
    seen: int = 0
    sums: dict[str, float] = field(default_factory=dict)

    @property
    def _key(self) -> str:
        """str: Where a checkpoint keeps what was seen."""
        return f'loss_balance_{self.loss}'

    def recall(self, hub: MessageHub) -> None:
        kept = hub.runtime_info.get(self._key)
        if kept and kept['weights'] == self.weights:
            self.seen, self.sums = kept['seen'], dict(kept['sums'])

    def add(self, values: Mapping[str, float], hub: MessageHub) -> None:
        """Add an iteration, unless a loss is held back in it, or the phase pauses."""
        terms = {name: [_logged(name, i) for i in w] for name, w in self.weights.items()}
        if not all(term in values for names in terms.values() for term in names):
            return
        for name, names in terms.items():
            self.sums[name] = self.sums.get(name, 0.0) + sum(values[term] for term in names)
        self.seen += 1
        kept = dict(weights=self.weights, seen=self.seen, sums=dict(self.sums))
        hub.update_info(self._key, kept)

    def warn(self, runner: Runner) -> None:
        """Say which weights would balance the losses, unless they are balanced."""
        loss, pixel = (self.sums[name] / self.seen for name in (self.loss, 'pixel'))
        if LEAST * pixel <= loss <= MOST * pixel:
            return
        if loss > pixel:
            times = f'{loss / pixel:.1f} times' if pixel else 'all beside'
            what = f'{times} the pixel loss, so S learns mostly from it'
        else:
            what = f'{loss / pixel:.1g} of the pixel loss, so S learns hardly anything from it'
        factor = pixel / loss if loss and pixel else 1.0
        keys = [
            f'phases.{self.phase}.losses.{self.loss}.{image}={weight * factor:.2g}'
            for image, weight in self.weights[self.loss].items()
        ]
        advice = 'this makes them equal' if loss and pixel else 'this is the weight'
        runner.logger.warning(
            f'The loss {self.loss!r} is {what} ({loss:.3g} and {pixel:.3g}, weighed, on average '
            f'over {self.seen} iterations). Features have no unit, so it may be meant; if it is '
            f'not, {advice}: --cfg-options {" ".join(keys)}'
        )


def _find(phases: Sequence[Phase], losses: Sequence[str]) -> Iterator[_Balance]:
    """Give each loss that is beside the pixel loss, where it is so first."""
    for loss in losses:
        for index, phase in enumerate(phases):
            weights = {name: dict(phase.losses.get(name, {})) for name in (loss, 'pixel')}
            if all(any(images.values()) for images in weights.values()):
                yield _Balance(loss, index, weights)
                break


def _logged(name: str, image: str) -> str:
    """Name a term as :meth:`PhaseBatch.terms` does."""
    return f'loss_{name}' if image == 'sr' else f'{image}.loss_{name}'
