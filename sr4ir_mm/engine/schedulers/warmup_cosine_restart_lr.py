# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The learning rates of the paper's runs, to the iteration."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from mmengine.optim.scheduler.lr_scheduler import LRSchedulerMixin
from mmengine.optim.scheduler.param_scheduler import INF, _ParamScheduler

from sr4ir_mm.registry import PARAM_SCHEDULERS


@PARAM_SCHEDULERS.register_module()
class WarmupCosineRestartLR(LRSchedulerMixin, _ParamScheduler):
    """A linear warm-up, then cosines that restart; a closed form of the step.

    With MMEngine's own schedulers a chain of warm-up and restarts ends and restarts one iteration
    earlier, and rounds differently when a run is resumed. In the authors' code the cosine waits
    until the warm-up is over, and the boundary step of a period is its last: the rate is
    ``eta_min`` for one step, and restarts in the next.

    Args:
        optimizer (Optimizer | OptimWrapper): The optimizer, or its wrapper.
        periods (Sequence[int]): Steps of each cosine; epochs if converted from them. The last one
            may reach beyond the end of training.
        eta_min (float): The end of each cosine, in every parameter group. Defaults to 0.
        warmup (int): Steps, or epochs, of the warm-up: the factor grows from 1 / warmup to 1 in
            equal steps. Defaults to 0.
        **kwargs: ``begin``, ``end``, ``last_step``, ``by_epoch`` and ``verbose`` of MMEngine's
            schedulers.
    """

    def __init__(
        self,
        optimizer: Any,
        periods: Sequence[int],
        eta_min: float = 0.0,
        warmup: int = 0,
        **kwargs: Any,
    ) -> None:
        self.periods = tuple(periods)
        self.eta_min = eta_min
        self.warmup = warmup
        super().__init__(optimizer, **kwargs)

    @classmethod
    def build_iter_from_epoch(
        cls,
        optimizer: Any,
        periods: Sequence[int],
        warmup: int = 0,
        begin: int = 0,
        end: int = INF,
        by_epoch: bool = True,
        epoch_length: int | None = None,
        **kwargs: Any,
    ) -> 'WarmupCosineRestartLR':
        """Build a schedule by iterations from one by epochs."""
        assert by_epoch, 'Only a schedule by epochs can be converted.'
        assert epoch_length is not None
        return cls(
            optimizer,
            periods=[period * epoch_length for period in periods],
            warmup=warmup * epoch_length,
            begin=begin * epoch_length,
            end=end if end == INF else end * epoch_length,
            by_epoch=False,
            **kwargs,
        )

    def _get_value(self) -> list[float]:
        step = self.last_step
        if step < self.warmup:
            first = 1 / self.warmup
            factor = first + (1 - first) * step / self.warmup
            return [base * factor for base in self.base_values]
        step -= self.warmup
        ends = list(accumulate(self.periods))
        index = next((i for i, end in enumerate(ends) if step <= end), len(ends) - 1)
        period = self.periods[index]
        cosine = (1 + math.cos(math.pi * (step - ends[index] + period) / period)) / 2
        return [self.eta_min + (base - self.eta_min) * cosine for base in self.base_values]
