# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Batch augmentations that a task model brings along treat the copies of a batch alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from torch import nn

from sr4ir_mm.utils.random_state import kept_random_state, random_state, set_random_state


class SameDraws:
    """Repeat the random draws of a batch's first augmentation on its other image types.

    SR, HR and CQMix images of one batch show the same scenes, so Mixup must mix the same pairs,
    and a random resize take the same size; otherwise the three losses have different targets.
    Dropout and samplers, which come later, stay independent. Without batch augmentations nothing
    is touched.
    """

    def __init__(self) -> None:
        self._start: tuple[Any, Any] | None = None

    @contextmanager
    def __call__(self, preprocessor: nn.Module) -> Iterator[None]:
        """Run a task model's preprocessor inside; the first time is the one that is repeated."""
        augments = getattr(preprocessor, 'batch_augments', None)
        if not augments:
            yield
        elif self._start is None:
            # Some keep a size for several iterations, so their state is repeated as well.
            self._start = deepcopy(augments), random_state()
            yield
        else:
            augments, state = self._start
            preprocessor.batch_augments = deepcopy(augments)
            with kept_random_state():
                set_random_state(state)
                yield


@contextmanager
def no_augments(preprocessor: nn.Module) -> Iterator[None]:
    """Switch batch augmentations off, since features of whole images are compared."""
    augments = getattr(preprocessor, 'batch_augments', None)
    if augments:
        preprocessor.batch_augments = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if augments:
            preprocessor.batch_augments = augments
