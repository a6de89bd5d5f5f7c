# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Train in processes that are forked from this one, which has imported all, and kill them.

Imports take longer than such a training, and a fork costs nothing. This process must therefore
start no thread, and never train by itself.
"""

import os
import random
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from mmengine.evaluator import Evaluator

from tests.faults.scenario import Scenario
from tests.utils.tools import tool

PATIENCE = 300.0
"""Seconds after which an attempt counts as hanging."""
GRACE = 30.0
"""Seconds in which a process must end after a signal, or after another's death."""


@dataclass(frozen=True)
class Kill:
    """When and how an attempt is ended.

    Args:
        kind (str): 'anytime', SIGKILL after some seconds; 'one', likewise of one process of two;
            'writing', at a step of writing a file; 'validation', at a step of a validation;
            'signal', SIGINT or SIGTERM after some seconds.
        seconds (float): For those that come after some.
        step (int): For those at a step, which.
        part (float): Of a file that is being written, the part that is there; from 1 on all is
            there, and the step is done.
        signum (int): For 'signal'.
    """

    kind: str
    seconds: float
    step: int
    part: float
    signum: int

    @classmethod
    def draw(cls, scenario: Scenario, turn: int, duration: float, rng: random.Random) -> 'Kill':
        """Draw one for a training that takes so many seconds; its kinds take turns."""
        kinds = ['validation', 'writing', 'anytime', 'signal', 'validation', 'writing', 'anytime']
        kinds += ['one'] * (scenario.processes > 1)
        kind = kinds[turn % len(kinds)]
        return cls(
            kind,
            seconds=rng.uniform(0.1, 1.0) * duration,
            # A few images and the figures; five files, each flushed and moved, and its folder.
            step=rng.randrange(24 if kind == 'writing' else 8),
            part=rng.uniform(0, 2),
            signum=rng.choice([signal.SIGINT, signal.SIGTERM]),
        )


def attempt(
    scenario: Scenario, config: Path, work_dir: Path, kill: Kill | None = None
) -> tuple[str, float]:
    """Train, or go on, until the end or a kill.

    Args:
        scenario (Scenario): What is trained.
        config (Path): Its config.
        work_dir (Path): The run's folder.
        kill (Kill, optional): How it is ended. Defaults to None.

    Returns:
        tuple[str, float]: 'finished', 'killed', 'stopped' (by a signal, as it should), or what went
            wrong; and the seconds from the first signal or death to the end of all processes.
    """
    work_dir.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    sys.stdout.flush()
    pids = [
        os.fork() or _train(scenario, config, work_dir, kill, rank, port)
        for rank in range(scenario.processes)
    ]
    codes: dict[int, int] = {}
    begun, ending = time.monotonic(), 0.0
    timed = kill is not None and kill.kind in ('anytime', 'one', 'signal')
    while len(codes) < len(pids):
        time.sleep(0.005)
        now = time.monotonic()
        alive = [pid for pid in pids if pid not in codes and not _reap(pid, codes)]
        if kill is not None and timed and not codes and now - begun > kill.seconds:
            timed, ending = False, now
            for pid in pids[-1:] if kill.kind == 'one' else pids:
                _send(pid, kill.signum if kill.kind == 'signal' else signal.SIGKILL)
        if any(codes.values()) and alive:
            ending = ending or now
            together = kill is not None and kill.kind in ('anytime', 'writing', 'validation')
            if together or now - ending > GRACE:
                _send(alive[0], signal.SIGKILL)
            elif now - ending > 1:  # as torchrun does
                _send(alive[0], signal.SIGTERM)
        if now - begun > PATIENCE or (ending and now - ending > 2 * GRACE):
            for pid in alive:
                _send(pid, signal.SIGKILL)
    for pid in pids:
        _send(pid, signal.SIGKILL)  # loading processes that were left behind
    took = time.monotonic() - ending if ending else 0.0
    late = took > GRACE or time.monotonic() - begun > PATIENCE
    return _outcome(list(codes.values()), kill, late, work_dir), took


def _outcome(codes: list[int], kill: Kill | None, late: bool, work_dir: Path) -> str:
    """Judge exit codes."""
    if late:
        return f'did not end in time: exit codes {codes}'
    if not any(codes):
        return 'finished'
    if kill is not None and kill.kind == 'signal':
        # Before training there is nothing to stop: then Python ends as it always does.
        early = 'stopping (' not in (work_dir / 'log.txt').read_text()
        if set(codes) == {128 + kill.signum} or early:
            return 'stopped'
    elif kill is not None and -signal.SIGKILL in codes:
        return 'killed'
    tail = ' | '.join((work_dir / 'log.txt').read_text().strip().splitlines()[-3:])
    return f'exit codes {codes} after {kill}: {tail}'


def _train(
    scenario: Scenario, config: Path, work_dir: Path, kill: Kill | None, rank: int, port: int
) -> NoReturn:
    """Be a process that trains."""
    code: Any = 1
    try:
        os.setpgid(0, 0)  # with its loading processes
        log = os.open(work_dir / 'log.txt', os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        argv = [str(config), '--work-dir', str(work_dir), '--resume']
        if scenario.processes > 1:
            argv += ['--launcher', 'pytorch']
            ranks = dict(RANK=rank, LOCAL_RANK=rank, WORLD_SIZE=scenario.processes)
            ports = dict(MASTER_ADDR='127.0.0.1', MASTER_PORT=port)
            os.environ.update({key: str(value) for key, value in (ranks | ports).items()})
        if kill is not None and rank == 0:
            {'writing': _trap_writing, 'validation': _trap_validation}.get(
                kill.kind, lambda kill: None
            )(kill)
        tool('train').main(argv)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _trap_writing(kill: Kill) -> None:
    """Die at a step of writing a file: before it is on the disk, or is moved, or after that."""
    steps = iter(range(kill.step + 1))
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        last = next(steps, 0) == kill.step
        if last and kill.part < 1:
            with suppress(OSError):  # a folder
                os.ftruncate(descriptor, int(kill.part * os.fstat(descriptor).st_size))
        else:
            real_fsync(descriptor)
        if last:
            _die()

    def replace(source: Path, target: Path) -> None:
        last = next(steps, 0) == kill.step
        if not last or kill.part >= 1:
            real_replace(source, target)
        if last:
            _die()

    os.fsync, os.replace = fsync, replace


def _trap_validation(kill: Kill) -> None:
    """Die at a step of a validation."""
    steps = iter(range(kill.step + 1))

    def die_before(method: Any) -> Any:
        def wrapped(self: Evaluator, *args: Any, **kwargs: Any) -> Any:
            if next(steps, 0) == kill.step:
                _die()
            return method(self, *args, **kwargs)

        return wrapped

    for name in ('process', 'evaluate'):
        setattr(Evaluator, name, die_before(getattr(Evaluator, name)))


def _die() -> None:
    os.killpg(0, signal.SIGKILL)


def _send(pid: int, signum: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signum)


def _reap(pid: int, codes: dict[int, int]) -> bool:
    """Note the exit code of a process that has ended."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        codes[pid] = os.waitstatus_to_exitcode(status)
    return bool(ended)
