# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A run that is killed again and again, and one whose disk is full."""

import os
import random
import subprocess
import time
from pathlib import Path
from typing import Any

from sr4ir_mm.checkpoints import checkpoint_to_resume, steps_of
from sr4ir_mm.errors import CheckpointError
from tests.faults.attempt import Kill, attempt
from tests.faults.scenario import Scenario, differences, end_of


def whole(scenario: Scenario, config: Path, folder: Path) -> dict[str, Any]:
    """Train without an interruption.

    Returns:
        dict[str, Any]: ``seconds`` and ``problems``.
    """
    begun = time.monotonic()
    outcome, _ = attempt(scenario, config, folder / 'whole' / scenario.name)
    problems = [] if outcome == 'finished' else [f'without a kill: {outcome}']
    return dict(scenario=scenario.name, seconds=time.monotonic() - begun, problems=problems)


def chain(
    scenario: Scenario, config: Path, folder: Path, seed: int, turns: range, seconds: float
) -> dict[str, Any]:
    """Train, be killed up to some times, each time resumed, and compare the end.

    Args:
        scenario (Scenario): What is trained.
        config (Path): Its config.
        folder (Path): Where the runs are.
        seed (int): Of what is random here.
        turns (range): Which kinds of kills, one for each at most: some come too late for the run.
        seconds (float): What a run takes without kills.

    Returns:
        dict[str, Any]: ``kills``, each with its kind, the checkpoint that is left and the seconds
            until all processes had ended; and ``problems``.
    """
    rng = random.Random(f'{scenario.name} {seed}')
    work_dir = folder / scenario.name / str(seed)
    kills: list[dict] = []
    problems: list[str] = []
    steps, outcome = 0, ''
    while not problems and outcome != 'finished':
        turn = len(kills)
        kill = Kill.draw(scenario, turns[turn], seconds, rng) if turn < len(turns) else None
        outcome, took = attempt(scenario, config, work_dir, kill)
        if kill is not None and outcome in ('killed', 'stopped'):
            try:
                found, passed_over = checkpoint_to_resume(work_dir)
            except CheckpointError as error:
                found, passed_over = None, [str(error)]
            before, steps = steps, (found and steps_of(found)) or 0
            kills.append(dict(kind=kill.kind, kill=vars(kill), left=steps, took=took))
            problems += passed_over
            if steps < before:
                problems.append(f'fell back from {before} to {steps}')
        elif outcome != 'finished':
            problems.append(outcome)
    if not problems:
        problems = _compare(work_dir, folder / 'whole' / scenario.name, scenario)
    return dict(scenario=scenario.name, seed=seed, kills=kills, problems=problems)


def disk_full(scenario: Scenario, config: Path, folder: Path) -> dict[str, Any]:
    """Train onto a file system that holds two checkpoints, make room, go on, and compare the end.

    Returns:
        dict[str, Any]: ``problems``, and ``skipped``, why it could not be tried, or ''.
    """
    result: dict[str, Any] = dict(scenario=scenario.name, problems=[], skipped='')
    reference = folder / 'whole' / scenario.name
    size = int(2.5 * (reference / scenario.last).stat().st_size)
    disk = folder / f'disk_{scenario.name}'
    disk.mkdir()
    mount = ['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', str(disk)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if os.geteuid() != 0 or done.returncode:
        return dict(result, skipped=done.stderr.strip() or 'only root can mount a file system')
    try:
        outcome, _ = attempt(scenario, config, disk / 'run')
        log = (disk / 'run' / 'log.txt').read_text()
        found, passed_over = checkpoint_to_resume(disk / 'run')
        if outcome == 'finished' or 'cannot be written' not in log:
            result['problems'].append(f'full disk: {outcome}')
        if found is None or passed_over:
            result['problems'].append(f'full disk: {found} is left, {passed_over}')
        subprocess.run(['mount', '-o', f'remount,size={20 * size}', str(disk)], check=True)
        outcome, _ = attempt(scenario, config, disk / 'run')
        if outcome != 'finished':
            result['problems'].append(f'after a full disk: {outcome}')
        else:
            result['problems'] += _compare(disk / 'run', reference, scenario)
    finally:
        subprocess.run(['umount', '-l', str(disk)], check=False)
    return result


def _compare(work_dir: Path, reference: Path, scenario: Scenario) -> list[str]:
    ours, theirs = (end_of(path, scenario.last) for path in (work_dir, reference))
    return [f'not equal: {name}' for name in differences(ours, theirs)[:5]]
