# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What is wrong with many things, in one line."""


class Faults:
    """Counts of faults by kind, with the first few of each by name.

    >>> faults = Faults()
    >>> faults.add('boxes of no image', 'annotation 7')
    >>> str(faults)
    '1 boxes of no image (annotation 7)'
    """

    NAMED = 5

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._names: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def say(self, line: str) -> None:
        """Add what is wrong with all of them together."""
        self._lines.append(line)

    def add(self, kind: str, name: object) -> None:
        """Count one.

        Args:
            kind (str): What is wrong, as a plural: 'boxes of no image'.
            name (object): Where.
        """
        self._counts[kind] = self._counts.get(kind, 0) + 1
        names = self._names.setdefault(kind, [])
        if len(names) < self.NAMED:
            names.append(str(name))

    def __bool__(self) -> bool:
        return bool(self._lines or self._counts)

    def __str__(self) -> str:
        counted = (
            f'{count} {kind} ({", ".join(self._names[kind])}{", ..." * (count > self.NAMED)})'
            for kind, count in self._counts.items()
        )
        return '; '.join([*self._lines, *counted])
