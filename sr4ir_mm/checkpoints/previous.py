# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What an earlier run left in a folder that a new one is about to write to."""

import re
from itertools import count
from pathlib import Path

from .last import POINTER

# What runs write; any other file in the folder is the user's.
WRITTEN = re.compile(rf'(?:best_.+_)?(?:epoch|iter)_\d+\.pth|last_good\.pth|{POINTER}')


def set_aside(folder: str | Path, stamp: str) -> Path | None:
    """Move an earlier run's checkpoints to a folder ``previous_<stamp>`` beside them.

    Args:
        folder (str | Path): Where the new run writes.
        stamp (str): What tells this moment from others.

    Returns:
        Path | None: Where they are now; None if there were none.
    """
    found = [path for path in Path(folder).glob('*') if WRITTEN.fullmatch(path.name)]
    if not found:
        return None
    # A new folder, lest anything in it be replaced: two runs may begin in one second.
    previous = Path(folder, f'previous_{stamp}')
    for number in count(2):
        if not previous.exists():
            break
        previous = Path(folder, f'previous_{stamp}_{number}')
    previous.mkdir()
    # The pointer last: killed in between, it still names what can be resumed, or nothing.
    for path in sorted(found, key=lambda path: path.name == POINTER):
        path.rename(previous / path.name)
    return previous
