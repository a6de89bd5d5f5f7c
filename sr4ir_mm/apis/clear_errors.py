# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Mistakes end in one line; errors of the program keep their traceback."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sr4ir_mm.errors import SR4IRError

FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def clear_errors() -> Iterator[None]:
    """End the program with one message and exit code 1, whatever went wrong.

    Only an error within a running loop, which is not the user's, keeps its traceback; see
    :func:`explain`. A process of a group is over when this is.
    """
    try:
        yield
    except Exception as error:
        message = _message(error)
        if message is None:
            raise
        print(f'\nerror: {message}', file=sys.stderr, flush=True)
        if os.environ.get('SR4IR_TRACEBACK'):
            raise
        raise SystemExit(1) from None
    if 'torch' in sys.modules:
        from sr4ir_mm.compat import leave_process_group

        leave_process_group()


def _message(error: Exception) -> str | None:
    # An error of a data loading process carries its traceback before the message.
    text = str(error).strip().rpartition(f'{type(error).__name__}: ')[2]
    if isinstance(error, OSError) and error.errno in FULL:
        return f'{text}. Make room; what was saved before is whole.'
    mendable = error.filename if isinstance(error, OSError) else isinstance(error, SR4IRError)
    if mendable or isinstance(error, FileNotFoundError):
        return text
    from sr4ir_mm.utils.building import explain  # it needs the registries

    return explain(error)
