# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Go on with a run, as the run that it was."""

import re
from typing import Any

from mmengine.config import Config

from sr4ir_mm.checkpoints import (
    VALIDATION_DUE,
    checkpoint_to_resume,
    done_of,
    read_meta,
    trained_config,
)
from sr4ir_mm.errors import CheckpointError
from sr4ir_mm.utils.fingerprint import changes, training_parts

# What may change within a run: how long it is, when it is validated, where the data are, what the
# nets started from, and what computes the same to the bit. All else would make of it neither the
# old run nor a new one.
FREE = re.compile(
    r'train_cfg\.(max_epochs|max_iters|val_begin|val_interval|dynamic_intervals)'
    r'|train_dataloader\.dataset\.(.+\.)?data_root|model\.init(\..+)?|model\.checkpoint_sr'
)

SWITCHES = {
    r'auto_scale_lr\.enable': '--auto-scale-lr',
    r'model\.fast': '--fast',
    r'compile(\..+)?': '--compile',
    r'optim_wrapper\.(\w+\.)?(type|dtype|loss_scale)': '--amp',
}
"""Options of tools/train.py that a run began with, by the keys that they set."""


def resume(cfg: Config, checkpoint: str, force: bool = False) -> bool:
    """Go on from a checkpoint, or with 'auto' from the last one that can be read, if there is one.

    MMEngine's own rule is not used: it believes its file ``last_checkpoint`` and, if that is not
    there, starts anew over what is.

    Args:
        cfg (Config): The config, whose ``resume`` and ``load_from`` are set.
        checkpoint (str): A file, or 'auto'.
        force (bool): Also if the config was changed in what the weights depend on. Defaults to
            False.

    Returns:
        bool: Whether anything is left to train.

    Raises:
        CheckpointError: There are checkpoints, but none can be read; or the config was changed.
    """
    path: Any = checkpoint
    if checkpoint == 'auto':
        path, passed_over = checkpoint_to_resume(cfg.work_dir)
        for line in passed_over:
            print(line)
        if path is None:
            print(f'Nothing to resume in {cfg.work_dir}: starting.')
            cfg.resume = False
            return True
    print(f'Resuming from {path}.')
    cfg.resume, cfg.load_from = True, str(path)
    meta = read_meta(path)
    trained = trained_config(meta, path)
    if trained is not None:
        check_changes(changes(training_parts(trained), training_parts(cfg)), str(path), force)
    by_epoch = 'max_epochs' in cfg.train_cfg
    unit = 'epochs' if by_epoch else 'iterations'
    planned = cfg.train_cfg.get('max_epochs' if by_epoch else 'max_iters')
    done = done_of(meta, unit, path)
    if planned is None or done is None or done < planned or meta.get(VALIDATION_DUE):
        return True
    print(f'This run is finished: {done} of {planned} {unit}. It can be tested.')
    return False


def check_changes(changed: list[tuple[str, Any, Any]], path: str, force: bool) -> None:
    """Show how a config differs from a checkpoint's, and refuse what it cannot go on with.

    Args:
        changed (list[tuple[str, Any, Any]]): See :func:`changes`.
        path (str): The checkpoint.
        force (bool): Refuse nothing.

    Raises:
        CheckpointError: A key is other than :data:`FREE`.
    """
    if not changed:
        return
    rows = [('key', 'then', 'now'), *((key, str(then), str(now)) for key, then, now in changed)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    table = '\n'.join(f'  {a:<{widths[0]}}  {b:<{widths[1]}}  {c}' for a, b, c in rows)
    broken = [key for key, _, _ in changed if not FREE.fullmatch(key)]
    if broken and not force:
        given = [
            name for key, name in SWITCHES.items() if any(re.fullmatch(key, k) for k in broken)
        ]
        back = f'Take that back (the option {", ".join(given)})' if given else 'Take that back'
        raise CheckpointError(
            f'{path} was trained with another config:\n{table}\nWith {", ".join(broken[:3])}'
            f'{" and others" if len(broken) > 3 else ""} changed, the run would not go on as it '
            f'began. {back}, or add --force; or start a new run from its weights: name it '
            'in load_from instead of --resume.'
        )
    print(f'warning: {path} was trained with another config:\n{table}')
