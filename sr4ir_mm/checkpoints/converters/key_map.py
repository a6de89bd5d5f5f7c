# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names of weights in another project, and here."""

from collections.abc import Iterable, Mapping
from typing import Any

COUNTER = 'num_batches_tracked'


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

    def to_mm(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Rename theirs to ours.

        Old weights and frozen batch norm lack the counters of batches; these start at zero then, as
        when PyTorch loads such weights.

        Raises:
            KeyError: A name has no counterpart.
        """
        renamed = _rename(state, self.pairs)
        for key in list(renamed):
            stem, _, name = key.rpartition('.')
            if name == 'running_var':
                renamed.setdefault(f'{stem}.{COUNTER}', renamed[key].new_zeros(()).long())
        return renamed

    def from_mm(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Rename ours to theirs.

        Raises:
            KeyError: A name has no counterpart.
        """
        return _rename(state, [(ours, theirs) for theirs, ours in self.pairs])


def _rename(state: Mapping[str, Any], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    renamed = {}
    for key, value in state.items():
        for old, new in pairs:
            if key.startswith(old):
                renamed[new + key[len(old) :]] = value
                break
        else:
            raise KeyError(key)
    return renamed
