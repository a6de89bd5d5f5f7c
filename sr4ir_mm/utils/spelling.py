# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names that somebody misspelt."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggest(name: object, known: Iterable[object]) -> str:
    """End a message on an unknown name: with the nearest known one, or with what is known."""
    names = sorted(map(str, known))
    near = nearest(str(name), names)
    if near:
        return f'did you mean {near[0]!r}?'
    more = f', ... ({len(names)} in all)' if len(names) > 20 else ''
    return f'there {"is" if len(names) == 1 else "are"} {", ".join(names[:20]) or "none"}{more}.'


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """List the known names that look like one, the nearest first."""
    return get_close_matches(name, list(known))


def misspelt(name: str, known: Iterable[str], most: int = 2) -> bool:
    """Tell whether a name is so few slips away from a known one, and not too short for that.

    A slip is a letter too many, too few or wrong, or two that changed places.
    """
    allowed = min(most, len(name) // 4)
    return any(
        abs(len(name) - len(other)) <= allowed and slips(name, other) <= allowed for other in known
    )


def slips(first: str, second: str) -> int:
    """Count slips between two names (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first):
        new = [i + 1]
        for j, b in enumerate(second):
            best = min(new[j] + 1, row[j + 1] + 1, row[j] + (a != b))
            if i and j and a == second[j - 1] and first[i - 1] == b:
                best = min(best, before[j - 1] + 1)
            new.append(best)
        before, row = row, new
    return row[-1]
