# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names of weights in another project, and here."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

Value = TypeVar('Value')


class KeyMap:
    """Pairs of prefixes, theirs and ours; a state dict is renamed in either direction.

    Args:
        pairs (Iterable[tuple[str, str]]): No prefix begins another one of its side, so that each
            name has one counterpart.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = list(pairs)

    def under(self, theirs: str, ours: str) -> list[tuple[str, str]]:
        """Give the pairs of this net as a part of a larger one, below these prefixes."""
        return [(theirs + a, ours + b) for a, b in self.pairs]

    def to_mm(self, state: Mapping[str, Value]) -> dict[str, Value]:
        """Rename theirs to ours.

        Raises:
            KeyError: A name has no counterpart.
        """
        return _rename(state, self.pairs)

    def from_mm(self, state: Mapping[str, Value]) -> dict[str, Value]:
        """Rename ours to theirs.

        Raises:
            KeyError: A name has no counterpart.
        """
        return _rename(state, [(ours, theirs) for theirs, ours in self.pairs])


def _rename(state: Mapping[str, Value], pairs: list[tuple[str, str]]) -> dict[str, Value]:
    renamed = {}
    for key, value in state.items():
        for old, new in pairs:
            if key.startswith(old):
                renamed[new + key[len(old) :]] = value
                break
        else:
            raise KeyError(key)
    return renamed
