# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""One case in a process of its own."""

import json
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context('fork')


def try_case(run: Callable[[], None], folder: Path, seconds: int, memory: int) -> dict[str, Any]:
    """Call a function in a process of its own, with what it prints in a file.

    Args:
        run (Callable): What is tried. A SystemExit with a code is a failure.
        folder (Path): Gets ``log.txt``.
        seconds (int): Of computing, after which it is stopped; or after five times as many by the
            clock.
        memory (int): So many bytes of data it may have.

    Returns:
        dict[str, Any]: ``ok``; ``message``, '' or the line that says why not; and,
            unless it was stopped, the ``seconds`` of computing and the ``memory`` in MiB that it
            took.
    """
    outcome = folder / 'outcome.json'
    outcome.unlink(missing_ok=True)
    process = CONTEXT.Process(target=_child, args=(run, folder, seconds, memory))
    process.start()
    process.join(5 * seconds)
    late = process.is_alive()
    if late:
        process.kill()
        process.join()
    late = late or process.exitcode == -signal.SIGXCPU
    result = {'ok': False, 'message': f'stopped after {seconds} s' if late else ''}
    with suppress(FileNotFoundError):
        result = json.loads(outcome.read_text(encoding='utf-8'))
    if not result['ok'] and not result['message']:
        result['message'] = _last_line(folder / 'log.txt') or f'exit code {process.exitcode}'
    return result


def _child(run: Callable[[], None], folder: Path, seconds: int, memory: int) -> None:
    import resource  # not on Windows

    with open(folder / 'log.txt', 'w', encoding='utf-8') as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    ok, message = False, ''
    try:
        run()
        ok = True
    except SystemExit as stop:
        ok = not stop.code
    except BaseException as error:
        traceback.print_exc()
        message = f'{type(error).__name__}: {error}'
    sys.stdout.flush()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    content = dict(
        ok=ok,
        message=' '.join(message.split()),
        seconds=round(usage.ru_utime + usage.ru_stime, 1),
        memory=usage.ru_maxrss // 1024,
    )
    (folder / 'outcome.json').write_text(json.dumps(content), encoding='utf-8')
    os._exit(not ok)


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(encoding='utf-8').splitlines() if line.strip()]
    return ' '.join(lines[-1].removeprefix('error: ').split()) if lines else ''
