# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A phase: which net is updated, with which losses, on which images, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.check_number import check_number


def _names(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass(frozen=True)
class Phase:
    """One entry of a setting's list of phases (Eq. 3 of the paper has two).

    Args:
        update (str | Sequence[str]): The nets that it updates, in one step; all others are frozen:
            not one value of them changes.
        losses (Mapping[str, Mapping[str, float]]): Loss name to image type to weight.
        train_mode (str | Sequence[str]): Frozen nets whose dropout and drop path stay on (their
            batch norms do not: those would change). The paper's SwinIR makes the images of phase
            2 so. Defaults to ().
        begin (int): First epoch (in a loop by epochs) or iteration (by iterations) that it is
            active in, counted from 0. Defaults to 0.
        end (int, optional): First one that it is no longer active in. Defaults to None.
        interval (int): It is active in every interval-th iteration. Defaults to 1.

    Examples:
        >>> sr4ir = [
        ...     dict(update='sr', losses=dict(pixel=dict(sr=1.0), tdp=dict(sr=1.0))),
        ...     dict(update='task', losses=dict(task=dict(sr=0.34, hr=0.34, cqmix=0.34))),
        ... ]
    """

    update: tuple[str, ...]
    losses: Mapping[str, Mapping[str, float]]
    train_mode: tuple[str, ...] = field(default=())
    begin: int = 0
    end: int | None = None
    interval: int = 1

    @classmethod
    def from_cfg(cls, cfg: Mapping) -> Phase:
        """Build from config.

        Raises:
            ConfigError: A key is unknown or missing, or a value is of the wrong form.
        """
        try:
            phase = cls(
                **{
                    **cfg,
                    'update': _names(cfg['update']),
                    'train_mode': _names(cfg.get('train_mode', ())),
                }
            )
        except (KeyError, TypeError) as error:
            raise ConfigError(
                f'Phase {dict(cfg)} cannot be used ({error}): a phase has the keys update and '
                'losses, and may have train_mode, begin, end, interval.'
            ) from error
        phase._check_values(cfg)
        return phase

    def _check_values(self, cfg: Mapping) -> None:
        if not self.update or not isinstance(self.losses, Mapping) or not self.losses:
            raise ConfigError(f'Phase {dict(cfg)}: it must update a net, with losses.')
        for key, least in (('begin', 0), ('interval', 1)):
            check_number(getattr(self, key), f'Phase {dict(cfg)}: {key}', least=least, whole=True)
        if self.end is not None:
            check_number(self.end, f'Phase {dict(cfg)}: end', above=self.begin, whole=True)
        for name, weights in self.losses.items():
            if not isinstance(weights, Mapping) or not weights:
                raise ConfigError(
                    f'Phase {dict(cfg)}: the loss {name!r} needs the images that it is computed '
                    f'on, with weights, such as {name}=dict(sr=1.0).'
                )
            for image, weight in weights.items():
                check_number(weight, f'Phase {dict(cfg)}: losses.{name}.{image}', least=0)

    def check(self, nets: Collection[str], losses: Collection[str]) -> None:
        """Compare with a model.

        Raises:
            ConfigError: The phase names a net or a loss that the model does not have.
        """
        for what, named, known in (
            ('net', (*self.update, *self.train_mode), nets),
            ('loss', tuple(self.losses), losses),
        ):
            for name in named:
                if name not in known:
                    raise ConfigError(
                        f'A phase names the {what} {name!r}, but the model has '
                        f'{", ".join(known) or "none"}.'
                    )

    @property
    def total(self) -> str:
        """str: What the sum of its terms is called in the log."""
        return f'loss_{"+".join(self.update)}'

    def active(self, progress: int, iteration: int) -> bool:
        """Tell whether it runs; from the runner's counters alone, so that resuming is exact.

        Args:
            progress (int): Epochs or iterations done, whichever the loop counts in.
            iteration (int): Iterations done.
        """
        begun = self.begin <= progress and (self.end is None or progress < self.end)
        return begun and iteration % self.interval == 0
