# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The system need not fill pages anew for what was freed a moment ago."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, resource, sys
from sr4ir_mm.utils.freed_memory import freed_memory_kept

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def faults(size=100 << 20, rounds=5):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(rounds):
        block = libc.malloc(ctypes.c_size_t(size))
        ctypes.memset(block, 1, size)
        libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = faults()
with freed_memory_kept():
    faults(rounds=1)
    kept = faults()
print(before, kept, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != 'glibc', reason='another C library')
def test_pages_are_filled_once() -> None:
    command = [sys.executable, '-c', SCRIPT]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    before, kept, after = map(int, run.stdout.split())
    assert kept * 20 < before
    assert kept * 20 < after


def test_other_c_libraries_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from sr4ir_mm.utils import freed_memory

    monkeypatch.setattr(platform, 'libc_ver', lambda: ('', ''))
    monkeypatch.setattr(freed_memory.ctypes, 'CDLL', None)  # calling it would fail
    with freed_memory.freed_memory_kept():
        pass
