# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Find what would end a run of a table hours later, before the first one begins."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mmengine.config import Config

from sr4ir_mm.apis.edit_config import drop_metrics
from sr4ir_mm.errors import SR4IRError
from tables.runs import Run, parse_options, state_of

SPLITS = dict(train=('train', 'val', 'test'), test=('test',))


def check_runs(runs: Mapping[str, Run], options: Sequence[str], with_files: bool) -> None:
    """Check the configs of runs, and read once what they name: weights, data and metrics.

    Nets are checked where a run begins, by its dry run.

    Args:
        runs (Mapping[str, Run]): All runs, what each starts from included.
        options (Sequence[str]): What the user gave for each of them, for the message.
        with_files (bool): Whether files are read. A machine that only submits the runs may not
            have them.

    Raises:
        SR4IRError: The first fault, as it would end its run.
    """
    from sr4ir_mm.apis.check_config import check_config
    from sr4ir_mm.apis.find_config import find_config

    made = {run.work_dir for run in runs.values()}
    seen: set[str] = set()
    for run in runs.values():
        todo = state_of(run).todo
        if todo == 'nothing' or f'{todo} {run.config}' in seen:  # of another seed
            continue
        seen.add(f'{todo} {run.config}')
        try:
            cfg = find_config(run.config, parse_options(run.options))
            for split, names in (('val', run.without['train']), ('test', run.without['test'])):
                drop_metrics(cfg, names, split)
            check_config(cfg)
            if with_files:
                _check_files(cfg, SPLITS[todo], made, seen)
        except (SR4IRError, OSError) as error:
            text = f'{run.name}: {error}'
            if options:
                text += f' (--cfg-options {" ".join(options)} are for every run.)'
            raise SR4IRError(text) from error


def _check_files(cfg: Config, splits: tuple[str, ...], made: set[str], seen: set[str]) -> None:
    """Read weights, and build data sets and metrics that were not built before."""
    from mmengine.registry import DefaultScope

    from sr4ir_mm.apis.annotation_files import naming_annotations
    from sr4ir_mm.checkpoints import find_source, load_state_dict
    from sr4ir_mm.engine.untouched import quiet
    from sr4ir_mm.registry import SCOPE
    from sr4ir_mm.utils.building import building

    sources = (cfg.model.get('init') or {}) if 'train' in splits else {}
    for net, source in sources.items():
        if source is not None and source not in made and source not in seen:
            load_state_dict(find_source(source, net), f'model.init.{net}')
            seen.add(source)
    scope = DefaultScope.overwrite_default_scope(cfg.get('default_scope') or SCOPE)
    with scope, building(cfg), naming_annotations(cfg), quiet():
        for registry, node in _parts(cfg, splits):
            if repr(node) not in seen:
                registry.build(node)
                seen.add(repr(node))


def _parts(cfg: Config, splits: tuple[str, ...]) -> Iterator[tuple[Any, Mapping]]:
    """Give the data sets and metrics of a config, each with its registry."""
    from mmengine.registry import DATASETS, METRICS

    for split in splits:
        loader, metrics = cfg.get(f'{split}_dataloader'), cfg.get(f'{split}_evaluator') or ()
        if loader:
            yield DATASETS, loader['dataset']
        metrics = metrics.get('metrics', metrics) if isinstance(metrics, Mapping) else metrics
        for metric in [metrics] if isinstance(metrics, Mapping) else metrics:
            yield METRICS, metric
