# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Where runs are and how they are made: work dirs mirror the tree of configs."""

import os
import os.path as osp
from pathlib import Path

from .library_configs import library_folder

WORK_DIRS = 'work_dirs'
SEED = 'seed_'


def mirror(config: str | Path) -> tuple[str, str]:
    """Split a config's path where the tree begins that work dirs mirror.

    Args:
        config (str | Path): Such as ``configs/s/det_edsr_x4.py``.

    Returns:
        tuple[str, str]: The last folder ``configs`` above it, absolute (the config's own folder if
            there is none), and what is below without the suffix, ``s/det_edsr_x4``.
    """
    parts = osp.splitext(osp.abspath(config))[0].split(os.sep)
    below = parts[::-1].index('configs') if 'configs' in parts else 1
    return os.sep.join(parts[:-below]), '/'.join(parts[-below:])


def default_work_dir(config: str | Path) -> str:
    """Give a config's work dir: ``work_dirs/s/det_edsr_x4`` of ``configs/s/det_edsr_x4.py``."""
    return osp.join(WORK_DIRS, mirror(config)[1])


def seeded(work_dir: str, seed: int) -> str:
    """Give the folder, below a config's work dir, of a run with a seed of its own."""
    return osp.join(work_dir, f'{SEED}{seed}')


def relocate(work_dir: str, root: str) -> str:
    """Move a work dir below ``work_dirs`` to another root; leave any other where it is."""
    parts = osp.normpath(work_dir).split(os.sep)
    return osp.join(root, *parts[1:]) if parts[0] == WORK_DIRS and parts[1:] else work_dir


def training_command(work_dir: str) -> str | None:
    """Give the command that makes a work dir below ``work_dirs``; None if no config does."""
    folder, _, run = osp.normpath(work_dir).partition(f'{WORK_DIRS}{os.sep}')
    if not run or folder or osp.splitext(run)[1]:
        return None
    project, _, name = run.partition('/')
    own = f'{project}/configs/{name}.py'  # of a folder with configs of its own, as the demo's
    if osp.isfile(own):
        return f'python tools/train.py {own} --work-dir {work_dir}'
    config = f'configs/{run}.py'
    shipped = osp.join(library_folder('sr4ir_mm'), f'{run}.py')
    return f'python tools/train.py {config}' if osp.isfile(config) or osp.isfile(shipped) else None
