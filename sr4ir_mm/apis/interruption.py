# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Ctrl-C and SIGTERM end a training so that it can go on."""

import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmengine.dist import get_world_size, is_main_process
from mmengine.runner import Runner

from sr4ir_mm.checkpoints import last_checkpoint
from sr4ir_mm.compat import leave_process_group
from sr4ir_mm.engine.hooks import Interrupted, InterruptHook

ECHO = 1.0
"""Seconds in which one Ctrl-C may arrive twice: of the terminal, and handed on by a launcher."""


@contextmanager
def stoppable(runner: Runner, command: str) -> Iterator[None]:
    """Let signals end what the runner trains, as :class:`InterruptHook` does, with one line.

    A second Ctrl-C ends it at once. The exit code is that of the first signal, 130 or 143: a
    launcher sends more of them to processes that take their time.

    Args:
        runner (Runner): A runner that is about to train.
        command (str): What goes on with the run, for the line.

    Raises:
        SystemExit: It was ended.
    """
    hook = InterruptHook()
    runner.register_hook(hook)
    owner = os.getpid()
    first = math.inf

    def ask(signum: int, frame: Any) -> None:
        nonlocal first
        if os.getpid() != owner:
            return  # a loading process, which the training ends itself
        now = time.monotonic()
        if signum == signal.SIGINT and now - first > ECHO:
            raise KeyboardInterrupt
        if first < math.inf:
            return
        first, hook.signum = now, signum
        if is_main_process():
            print(f'\n{signal.Signals(signum).name}: stopping (a second Ctrl-C: at once).')
        if not hook.begun and get_world_size() == 1:
            raise KeyboardInterrupt  # of the dry run, which leaves nothing

    previous = {signum: signal.signal(signum, ask) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as error:
        # The signal may have reached the loading processes, too, which dies as a RuntimeError.
        dead_worker = hook.signum and 'DataLoader worker' in str(error)
        if not (dead_worker or isinstance(error, KeyboardInterrupt)):
            raise
        code = 128 + (hook.signum or signal.SIGINT)
        if is_main_process():
            path = last_checkpoint(runner.work_dir)
            saved = f'{path} is the last checkpoint' if path else 'Nothing was saved yet'
            print(f'Stopped. {saved}; to go on: {command}', flush=True)
        if isinstance(error, Interrupted):
            leave_process_group(code)
        raise SystemExit(code) from None
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
