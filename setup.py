# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Puts configs and tools into ``sr4ir_mm/.mim``, where MMEngine and mim look for them.

Everything else about the package is in ``pyproject.toml``.
"""

import os
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
SHARED = ('configs', 'tools', 'model-index.yml', 'dataset-index.yml')


def fill(mim: Path, link: bool) -> None:
    """Make the folder ``.mim`` anew.

    Args:
        mim (Path): The folder.
        link (bool): Link, so that edits count at once, where the system lets us (Windows asks for
            its developer mode); else copy.
    """
    shutil.rmtree(mim, ignore_errors=True)
    mim.mkdir(parents=True)
    for name in SHARED:
        source, target = ROOT / name, mim / name
        if link:
            try:
                target.symlink_to(os.path.relpath(source, mim), source.is_dir())
                continue
            except OSError as error:
                print(f'warning: {name} is copied, for it cannot be linked ({error}).')
                print('Edits of it count after another `pip install -e .`.')
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns('__pycache__'))
        else:
            shutil.copyfile(source, target)


class BuildWithMim(build_py):
    """Copies into a wheel, and links for an editable install."""

    def run(self) -> None:
        """Build the modules, then ``.mim``."""
        super().run()
        base = ROOT if self.editable_mode else Path(self.build_lib)
        fill(base / 'sr4ir_mm' / '.mim', link=self.editable_mode)


if __name__ == '__main__':
    setup(cmdclass={'build_py': BuildWithMim})
