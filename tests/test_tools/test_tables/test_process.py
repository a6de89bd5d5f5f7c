# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A command and the lock that it holds."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tables.process import locked, run_command

from tests.utils.tools import TOOLS

CHILD = """
import pathlib, time
pathlib.Path('started').touch()
while not pathlib.Path('go').exists():
    time.sleep(0.02)
print('a line')
pathlib.Path('done').touch()
"""
PARENT = f"""
from pathlib import Path
from tables.process import locked, run_command
with locked(Path('lock'), print) as lock:
    run_command(['python', '-c', {CHILD!r}], Path('log'), lock, print)
"""


def wait_for(path: Path) -> None:
    for _ in range(3000):
        if path.exists():
            return
        time.sleep(0.02)
    pytest.fail(f'{path} did not appear')


def test_output_environment_and_exit_code(tmp_path: Path) -> None:
    log, lines = tmp_path / 'log', []
    log.write_text('from before\n')
    code = "import os, sys; print(os.environ['A'], 'x'); print('no newline', end=''); sys.exit(7)"
    with locked(tmp_path / 'lock', lambda: pytest.fail('nobody else is in')) as lock:
        assert run_command(['A=b', 'python', '-c', code], log, lock, lines.append) == 7
    assert lines == ['b x', 'no newline']
    assert log.read_text() == 'from before\nb x\nno newline'


def test_a_command_that_outlives_the_caller_keeps_others_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = subprocess.Popen(
        [sys.executable, '-W', 'ignore', '-c', PARENT],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(TOOLS)),
        stdout=subprocess.DEVNULL,
    )
    monkeypatch.chdir(tmp_path)
    wait_for(Path('started'))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    with open('lock', 'w') as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # Waiting is announced; then the command goes on to its end, without anyone to read it.
    with locked(Path('lock'), Path('go').touch):
        assert Path('done').exists()
        assert Path('log').read_text() == 'a line\n'
