# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Kill runs a hundred times and compare their ends: python -m tests.faults [--kills 100]."""

import argparse
import gc
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from importlib import import_module
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import cv2
import torch
from yapf.yapflib import yapf_api

from sr4ir_mm.compat import import_mmagic
from sr4ir_mm.utils.files import write_json
from tests.faults.chain import chain, disk_full, whole
from tests.faults.scenario import SCENARIOS, Scenario
from tests.utils.tiny_data import make_coco

KINDS = ('anytime', 'writing', 'validation', 'one', 'signal')
IN_A_ROW = 3


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog='python -m tests.faults', description=__doc__)
    parser.add_argument('--kills', type=int, default=100, help='by SIGKILL; signals come on top')
    parser.add_argument('--seed', type=int, default=0, help='of when and how runs are killed')
    parser.add_argument('--jobs', type=int, default=2, help='runs at a time')
    parser.add_argument('--out', default='work_dirs/faults.json', help='where the figures go')
    return parser.parse_args(argv)


def warm_up() -> None:
    """Import all that a run imports, once for all that are forked from here; start no thread."""
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    import_mmagic()
    for name in ('mmdet.models', 'mmdet.datasets', 'mmdet.evaluation', 'mmdet.structures'):
        import_module(name)
    for name in ('models', 'engine', 'evaluation', 'datasets', 'visualization'):
        import_module(f'sr4ir_mm.{name}')
    yapf_api.FormatCode = lambda text, **options: (text, False)  # formats configs, for people
    gc.collect()
    gc.freeze()


def sigkills(results: Sequence[dict]) -> int:
    """Count them; signals that a run may answer are no kills."""
    return sum(kill['kind'] != 'signal' for result in results for kill in result['kills'])


def results_of(
    pool: ProcessPoolExecutor, configs: dict[Scenario, Path], folder: Path,
    seconds: dict[str, float], args: argparse.Namespace,
) -> Iterator[dict]:  # fmt: skip
    """Kill runs of all kinds in turn until there were enough kills."""
    jobs = count()
    running: set[Future] = set()
    done: list[dict] = []
    while sigkills(done) < args.kills:
        while len(running) < args.jobs:
            lap, place = divmod(next(jobs), len(SCENARIOS))
            scenario, seed = SCENARIOS[place], 1000 * args.seed + lap
            turns = range(lap * IN_A_ROW, (lap + 1) * IN_A_ROW)
            job = (scenario, configs[scenario], folder, seed, turns, seconds[scenario.name])
            running.add(pool.submit(chain, *job))
        ended, running = wait(running, return_when=FIRST_COMPLETED)
        for future in ended:
            done.append(future.result())
            yield done[-1]
    for future in running:
        yield future.result()


def table(results: Sequence[dict]) -> str:
    """Show kills by kind and scenario, and what was lost."""
    lines = [f'{"":<28}' + ''.join(f'{kind:>12}' for kind in KINDS) + f'{"runs":>8}{"bad":>6}']
    for scenario in SCENARIOS:
        own = [result for result in results if result['scenario'] == scenario.name]
        kinds = Counter(kill['kind'] for result in own for kill in result['kills'])
        bad = sum(bool(result['problems']) for result in own)
        figures = ''.join(f'{kinds[kind]:>12}' for kind in KINDS)
        lines.append(f'{scenario.name:<28}{figures}{len(own):>8}{bad:>6}')
    return '\n'.join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run; give the exit code, 1 if anything was lost or differs."""
    args = parse_args(argv)
    begun = time.monotonic()
    warm_up()
    with tempfile.TemporaryDirectory(prefix='faults') as temporary:
        folder = Path(temporary)
        data = make_coco(folder / 'data')
        configs = {scenario: scenario.write_config(data, folder) for scenario in SCENARIOS}
        with ProcessPoolExecutor(args.jobs, mp_context=get_context('fork')) as pool:
            print(f'training {len(SCENARIOS)} runs without a kill, to compare with', flush=True)
            jobs = [pool.submit(whole, *pair, folder) for pair in configs.items()]
            wholes = [job.result() for job in jobs]
            results, disks, start = [], [], time.monotonic()
            if not any(result['problems'] for result in wholes):
                seconds = {result['scenario']: result['seconds'] for result in wholes}
                for result in results_of(pool, configs, folder, seconds, args):
                    results.append(result)
                    kills = sigkills(results)
                    left = (time.monotonic() - start) * (args.kills / max(kills, 1) - 1)
                    state = '; '.join(result['problems']) or 'equal'
                    print(
                        f'{kills:>4}/{args.kills} kills, {max(left, 0) / 60:.1f} min left: '
                        f'{result["scenario"]} (seed {result["seed"]}): {state}', flush=True,
                    )  # fmt: skip
                full = [pool.submit(disk_full, *pair, folder) for pair in configs.items()]
                disks = [job.result() for job in full]
    problems = [
        f'{result["scenario"]}: {problem}'
        for result in (*wholes, *results, *disks)
        for problem in result['problems']
    ]
    elapsed = time.monotonic() - begun
    print(table(results))
    signals = [kill for result in results for kill in result['kills'] if kill['kind'] == 'signal']
    slowest = max((kill['took'] for kill in signals), default=0)
    print(f'{len(signals)} times SIGINT or SIGTERM: ended after {slowest:.1f} s at most')
    for disk in disks:
        state = disk['skipped'] or '; '.join(disk['problems']) or 'last good kept, equal end'
        print(f'full disk, {disk["scenario"]}: {state}')
    print(f'{sigkills(results)} kills, {len(problems)} problems, {elapsed / 60:.1f} min')
    print('\n'.join(problems))
    figures = dict(seed=args.seed, seconds=elapsed, kills=sigkills(results), problems=problems)
    write_json(args.out, dict(figures, whole=wholes, runs=results, disks=disks))
    print(f'written to {args.out}')
    return 1 if problems or not results else 0


if __name__ == '__main__':
    sys.exit(main())
