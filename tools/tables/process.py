# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Run a command so that nothing is left half done, whichever of the two is killed."""

import os
import os.path as osp
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sr4ir_mm.errors import ConfigError

try:
    import fcntl
except ModuleNotFoundError:  # Windows
    fcntl = None  # type: ignore[assignment]


def run_command(words: list[str], log: Path, lock: int, show: Callable[[str], None]) -> int:
    """Run a command to its end, or end it if this program is ended.

    Args:
        words (list[str]): The command, with ``NAME=VALUE`` of its environment in front.
        log (Path): File to which its output is added.
        lock (int): File descriptor that the command keeps open, lest another call of this program
            works in the same folder if this one is killed.
        show (Callable[[str], None]): Called with each line of the output.

    Returns:
        int: Its exit code.
    """
    # This Python also for the scripts that call `python`.
    path = os.pathsep.join([osp.dirname(sys.executable), os.environ.get('PATH', os.defpath)])
    if words[0] == 'python':
        words = [sys.executable, *words[1:]]
    with log.open('ab') as sink, log.open(encoding='utf-8', errors='replace') as source:
        source.seek(0, os.SEEK_END)
        # Into a file, not a pipe: if this program is killed, the command still ends well.
        process = subprocess.Popen(
            ['env', *words],
            stdout=sink,
            stderr=sink,
            env=dict(os.environ, PATH=path, PYTHONUNBUFFERED='1'),
            pass_fds=[lock],
            start_new_session=True,
        )
        try:
            text, running = '', True
            while running:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.2)
                running = process.returncode is None
                *lines, text = (text + source.read()).split('\n')
                for line in lines:
                    show(line)
            if text:
                show(text)
        finally:
            _end(process)
    return process.returncode


def _end(process: subprocess.Popen) -> None:
    """End a process with all that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)


@contextmanager
def locked(path: Path, tell_waiting: Callable[[], None]) -> Iterator[int]:
    """Keep other processes out while a file is open; wait for one that is in.

    Args:
        path (Path): The file; its folder is made if need be.
        tell_waiting (Callable[[], None]): Called once before waiting.

    Yields:
        int: File descriptor; the lock lasts until each process that has it is over.

    Raises:
        ConfigError: The system has no such locks.
    """
    if fcntl is None:
        raise ConfigError(
            'A table is run on Linux or macOS (on Windows: in WSL), for only there a lock outlives '
            'a program that is killed. --dry-run prints the commands, which run one by one.'
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('wb') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell_waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()
