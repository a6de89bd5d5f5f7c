# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names that somebody misspelt."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


def suggest(name: object, known: Iterable[object]) -> str:
    """End a message on an unknown name: with the nearest known one, or with what is known.

    Of more than 20 known ones those that look most like it are listed.
    """
    names = sorted(map(str, known))
    near = nearest(str(name), names)
    if near:
        return f'did you mean {near[0]!r}?'
    more = f', ... ({len(names)} in all)' if len(names) > 20 else ''
    if more:
        names.sort(key=lambda other: -_likeness(str(name), other))
    return f'there {"is" if len(names) == 1 else "are"} {", ".join(names[:20]) or "none"}{more}.'


def nearest(name: str, known: Iterable[str], least: float = 0.6) -> list[str]:
    """List three known names that look like one in any case of letters, the nearest first.

    Args:
        name (str): The name.
        known (Iterable[str]): The known ones.
        least (float): How much must be alike, from 0 to 1. Defaults to 0.6.
    """
    by_letters: dict[str, list[str]] = {}
    for other in known:
        by_letters.setdefault(other.lower(), []).append(other)
    matches = get_close_matches(name.lower(), by_letters, cutoff=least)
    return [other for letters in matches for other in by_letters[letters]]


def _likeness(first: str, second: str) -> float:
    """Tell how much of two names is alike, from 0 to 1, in any case of letters."""
    return SequenceMatcher(None, first.lower(), second.lower()).ratio()


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
