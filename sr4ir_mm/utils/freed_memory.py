# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Memory that one iteration frees stays with the process for the next."""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

# Of <malloc.h>.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4
KEPT = ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, -1))
"""All blocks come from the heap, which never shrinks."""
AS_EVER = ((M_MMAP_THRESHOLD, 32 << 20), (M_TRIM_THRESHOLD, 64 << 20), (M_MMAP_MAX, 65536))
"""What glibc's own rule comes to as soon as blocks of 32 MiB have been freed."""


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Let the C library keep what is freed inside.

    By default glibc returns each large block to the system and asks for it again in the next
    iteration; the system then fills page after page with zeros. The peak stays, but other programs
    do not get what is free between two peaks. Nothing happens with other C libraries, and with
    other allocators that were loaded in front of it.
    """
    _set(KEPT)
    try:
        yield
    finally:
        _set(AS_EVER)


def _set(options: tuple[tuple[int, int], ...]) -> None:
    if platform.libc_ver()[0] == 'glibc':
        for option, value in options:
            ctypes.CDLL(None).mallopt(option, value)
