# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""From the cells of a table to runs: which others they start from, and what is left to do."""

import os.path as osp
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mmengine.config import Config, DictAction

from sr4ir_mm.apis.edit_config import drop_metrics, metrics_of
from sr4ir_mm.checkpoints import done_of, last_checkpoint, read_meta, trained_config
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.utils.fingerprint import differences, evaluation_parts, fingerprint, training_parts
from sr4ir_mm.utils.layout import WORK_DIRS, mirror, relocate, seeded
from tables.result import plan_of, read_result, show_path
from tables.table import Cell


@dataclass(frozen=True)
class Run:
    """One training and its test.

    Attributes:
        name (str): For messages, ``sr4ir/det_edsr_x4``.
        config (str): File.
        work_dir (str): Folder.
        cfg (Config): With all options merged.
        options (list[str]): All options, as on a command line.
        without (dict[str, list[str]]): Metrics to leave out, to 'train' and to 'test'.
        needs (list[str]): Work dirs, below ``work_dirs``, of the runs that this one starts from.
    """

    name: str
    config: str
    work_dir: str
    cfg: Config
    options: list[str]
    without: dict[str, list[str]]
    needs: list[str]


class State(NamedTuple):
    """What is left of a run: 'train', 'test' or 'nothing', and after how many epochs."""

    todo: str
    done: int


class TableRuns:
    """All runs that a table's rows come from, by their work dirs below ``work_dirs``.

    A run with a seed of its own starts from one with the same seed where the table has it; what
    others start from beside the table is run once.

    Args:
        cells (Iterable[Cell]): Of the whole table.
        project (Path): The folder that holds the project's ``configs``.
        work_dirs (str): Root in the place of ``work_dirs``, also for what runs start from.
        options (Sequence[str], optional): ``--cfg-options`` for each run. Defaults to ().
        without (Sequence[str], optional): Types of metrics to leave out where a config has them.
            Defaults to ().

    Raises:
        ConfigError: Two configs share a work dir, or a seed is given twice.
    """

    def __init__(
        self,
        cells: Iterable[Cell],
        project: Path,
        work_dirs: str,
        options: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> None:
        self.configs: dict[str, str] = {}
        self.seeds: dict[str, int] = {}
        for cell in cells:
            other = self.configs.setdefault(cell.work_dir, cell.config)
            if cell.seed is not None:
                self.seeds[cell.work_dir] = cell.seed
            if other != cell.config:
                raise ConfigError(
                    f'{other} and {cell.config} would both run in {cell.work_dir}: give one of the '
                    'rows a work_dir of its own.'
                )
        if self.seeds and any(option.startswith('randomness.seed=') for option in options):
            raise ConfigError(
                "--cfg-options randomness.seed: the table's runs have seeds of their own; name "
                'others with --seeds.'
            )
        self.project = project
        self.work_dirs = work_dirs
        self.options = list(options)
        self.without = list(without)

    def order(self, cells: Iterable[Cell]) -> dict[str, Run]:
        """Put the runs of cells in an order in which each finds what it starts from.

        Runs that an unfinished one starts from are added.

        Raises:
            ConfigError: A config is missing, starts from something that no config makes, or was
                changed since its run began.
        """
        ordered: dict[str, Run] = {}
        for cell in cells:
            self._append(cell.work_dir, ordered, ())
        return ordered

    def load(self, work_dir: str) -> Run:
        """Load the run of a work dir below ``work_dirs``.

        Raises:
            ConfigError: There is no such config, or an option cannot be used.
        """
        config = self.configs[work_dir]
        if not osp.isfile(config):
            raise ConfigError(f'There is no config {config}.')
        cfg = Config.fromfile(config)
        seed = self.seeds.get(work_dir)
        own = [] if seed is None else [f'randomness.seed={seed}']
        options = [*self.options, *own]
        cfg.merge_from_dict(parse_options(options))
        given = {
            net: osp.normpath(source) if '://' not in source else source
            for net, source in (cfg.model.get('init') or {}).items()
            if isinstance(source, str)
        }
        sources = {net: self._of_seed(source, seed) for net, source in given.items()}
        needs = [source for source in sources.values() if self._is_run(source, config)]
        moved = []
        for net, source in sources.items():
            path = relocate(source, self.work_dirs)
            if source.startswith(f'{WORK_DIRS}/') and source not in needs and not osp.exists(path):
                raise ConfigError(
                    f'{config}: model.init.{net} is {source}, which no config of the table, nor '
                    f'one in {mirror(config)[0]} or {self.project / "configs"}, makes.'
                )
            if path != given[net] and '.' in net:
                raise ConfigError(
                    f'{config}: model.init[{net!r}] is in {WORK_DIRS}; that cannot be moved by an '
                    'option.'
                )
            if path != given[net]:
                moved.append(f'model.init.{net}={path}')
        cfg.merge_from_dict(parse_options(moved))
        without = {}
        for todo, split in (('train', 'val'), ('test', 'test')):
            types = [metric['type'] for metric in metrics_of(cfg, split)]
            without[todo] = [name for name in self.without if name in types]
            drop_metrics(cfg, without[todo], split)
        return Run(
            osp.relpath(work_dir, WORK_DIRS) if work_dir.startswith(WORK_DIRS) else work_dir,
            show_path(config),
            relocate(work_dir, self.work_dirs),
            cfg,
            [*options, *moved],
            without,
            needs,
        )

    def _append(self, work_dir: str, ordered: dict[str, Run], path: tuple[str, ...]) -> None:
        if work_dir in ordered:
            return
        if work_dir in path:
            raise ConfigError(f'These start from each other: {", ".join(path)}.')
        run = self.load(work_dir)
        if state_of(run).todo == 'train':
            for needed in run.needs:
                self._append(needed, ordered, (*path, work_dir))
        ordered[work_dir] = run

    def _of_seed(self, source: str, seed: int | None) -> str:
        """Give the run of the same seed, if the table has one."""
        same = source if seed is None else seeded(source, seed)
        return same if same in self.configs else source

    def _is_run(self, source: str, config: str) -> bool:
        """Tell whether a config makes this work dir; if it is not in the table, take it in."""
        if source not in self.configs and source.startswith(f'{WORK_DIRS}/'):
            below = osp.relpath(source, WORK_DIRS)
            for root in (mirror(config)[0], self.project / 'configs'):
                path = osp.join(root, f'{below}.py')
                if osp.isfile(path):
                    self.configs[source] = path
                    break
        return source in self.configs


def state_of(run: Run) -> State:
    """Find out what is left of a run.

    It is finished if its ``result.json`` is of all planned epochs and both fingerprints in it (see
    ``sr4ir_mm/utils/fingerprint.py``) are those of the config as it is now. If only the one of the
    test differs, it is tested again. Else its last checkpoint says how far it is.

    Raises:
        ConfigError: The run was trained with another config; the message names the differences.
    """
    unit, planned = plan_of(run.cfg)
    if planned is None:
        raise ConfigError(f'{run.config}: train_cfg has neither max_epochs nor max_iters.')
    parts = training_parts(run.cfg)
    marks = dict(training=fingerprint(parts), testing=fingerprint(evaluation_parts(run.cfg)))
    result = read_result(run.work_dir)
    recorded = (result or {}).get('fingerprint') or {}
    if result and recorded == marks and (result['done'] or 0) >= planned:
        return State('nothing', planned)
    advice = (
        f'Move that folder away, give another --work-dirs, or take back the change of '
        f'{run.config} or of --cfg-options, which are for every run.'
    )
    checkpoint = last_checkpoint(run.work_dir)
    if checkpoint is None:
        if result and recorded.get('training') != marks['training']:
            raise ConfigError(f'{run.work_dir} holds a result of another config. {advice}')
        return State('train', 0)
    meta = read_meta(checkpoint)
    trained = trained_config(meta, checkpoint)
    if trained is None:
        raise ConfigError(f'{checkpoint} does not hold the config it was trained with. {advice}')
    changed = differences(training_parts(trained), parts)
    if changed:
        raise ConfigError(
            f'{run.work_dir} was trained with another config. It differs in '
            f'{"; ".join(changed[:4])}{" and more" if len(changed) > 4 else ""}. {advice}'
        )
    done = done_of(meta, unit, checkpoint) or 0
    return State('test' if done >= planned else 'train', done)


def parse_options(options: Sequence[str]) -> dict:
    """Read KEY=VALUE as the tools do.

    Raises:
        ConfigError: One is of another form.
    """
    for option in options:
        if '=' not in option:
            raise ConfigError(f'--cfg-options: {option} is not KEY=VALUE.')
    parser = ArgumentParser()
    parser.add_argument('--cfg-options', nargs='*', action=DictAction, default={})
    return parser.parse_args(['--cfg-options', *options]).cfg_options
