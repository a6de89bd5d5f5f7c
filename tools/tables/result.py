# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a tested run leaves behind, ``result.json``. Quick to import."""

import json
import os.path as osp
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sr4ir_mm.checkpoints import done_of, read_meta, trained_config, training_seconds
from sr4ir_mm.errors import DataError
from sr4ir_mm.utils.files import write_json
from sr4ir_mm.utils.fingerprint import changes, evaluation_parts, fingerprint, training_parts
from sr4ir_mm.version import __version__

RESULT = 'result.json'


def write_result(work_dir: str, cfg: Any, metrics: Mapping[str, float], checkpoint: str) -> None:
    """Write what was tested, and what came out. Call it in one process only.

    Of the two fingerprints, 'training' is of the config that the checkpoint was trained with (None
    if the checkpoint does not say) and 'testing' of the given one; 'changed' is where the first
    differs from the config file as it is now, seed and start of the nets aside. The commit is that
    of the code which tests.

    Args:
        work_dir (str): Folder to write to.
        cfg (Config): The config of the test, without what changes no figure of its own.
        metrics (Mapping[str, float]): Figures by name.
        checkpoint (str): The tested file.

    Raises:
        CheckpointError: The checkpoint cannot be read.
    """
    import torch
    from mmengine.dist import get_world_size

    meta = read_meta(checkpoint)
    unit, planned = plan_of(cfg)
    trained_with = trained_config(meta, checkpoint)
    commit, dirty = git_commit()
    cuda = torch.cuda.is_available()
    result = dict(
        config=show_path(cfg.filename) if cfg.filename else None,
        setting=osp.basename(osp.dirname(osp.abspath(cfg.filename))) if cfg.filename else None,
        seed=meta.get('seed', cfg.get('randomness', {}).get('seed')),
        commit=commit,
        dirty=dirty,
        version=__version__,
        unit=unit,
        done=done_of(meta, unit, checkpoint),
        planned=planned,
        seconds=training_seconds(checkpoint),
        checkpoint=show_path(checkpoint),
        metrics={name: float(value) for name, value in metrics.items()},
        device=torch.cuda.get_device_name() if cuda else f'CPU, {platform.machine()}',
        processes=get_world_size(),
        torch=torch.__version__,
        date=datetime.now(timezone.utc).isoformat(timespec='seconds'),
        changed=_changed(trained_with, cfg.filename),
        fingerprint=dict(
            training=None if trained_with is None else fingerprint(training_parts(trained_with)),
            testing=fingerprint(evaluation_parts(cfg)),
        ),
    )
    write_json(Path(work_dir, RESULT), result)


def _changed(trained_with: Any, file: str | None) -> list[str] | None:
    """List what a run's options changed of its config file; None if either is unknown."""
    from sr4ir_mm.apis.find_config import find_config

    if trained_with is None or not file or not osp.isfile(file):
        return None
    return [
        f'{key} = {now}'
        for key, _, now in changes(training_parts(find_config(file)), training_parts(trained_with))
        if not key.startswith(('model.init', 'randomness.seed'))
    ]


def read_result(work_dir: str | Path) -> dict | None:
    """Read what :func:`write_result` wrote.

    Args:
        work_dir (str | Path): The run's folder.

    Returns:
        dict | None: The result, its metrics as numbers; None if there is none.

    Raises:
        DataError: The file is not a result.
    """
    path = Path(work_dir, RESULT)
    if not path.is_file():
        return None
    try:
        result = json.loads(path.read_text(encoding='utf-8'))
        steps = [result[key] for key in ('done', 'planned')]
        if not all(step is None or type(step) is int for step in steps):
            raise ValueError(f'done and planned are {steps[0]!r} and {steps[1]!r}')
        _ = result['unit']
        result['metrics'] = {n: _figure(n, value) for n, value in result['metrics'].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f'it has no {error}' if isinstance(error, KeyError) else error
        raise DataError(
            f'{path} cannot be read as the result of a test ({what}): remove it and test again.'
        ) from error
    return result


def _figure(name: str, value: Any) -> Any:
    if value in ('inf', '-inf', 'nan'):
        return float(value)
    if isinstance(value, str) or value is None:
        raise ValueError(f'{name} is {value!r}')
    return value


def plan_of(cfg: Any) -> tuple[str, int | None]:
    """Give the unit of a training's length, 'epochs' or 'iterations', and the planned length."""
    train_cfg = cfg.get('train_cfg') or {}
    unit = 'iterations' if 'max_iters' in train_cfg else 'epochs'
    return unit, train_cfg.get('max_iters' if unit == 'iterations' else 'max_epochs')


def git_commit() -> tuple[str | None, bool | None]:
    """Give the commit of this project's code, and whether files differ from it; None without git.

    An environment may lie inside another project's repository, so the code must be tracked.
    """
    if _git('ls-files', '--error-unmatch', Path(__file__).name) is None:
        return None, None
    commit = _git('describe', '--always', '--abbrev=40', '--exclude=*', '--dirty')
    return (None, None) if commit is None else (commit[:40], commit.endswith('-dirty'))


def show_path(path: str | Path) -> str:
    """Name a path from the current folder, if it lies there."""
    near = osp.relpath(path)
    return osp.abspath(path) if near.startswith(osp.pardir) else near


def _git(*args: str) -> str | None:
    command = ['git', '-C', str(Path(__file__).parent), *args]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
