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
SHARED = ('configs', 'tools', 'model-index.yml')


class BuildWithMim(build_py):
    """Copies into a wheel, and links for an editable install, so that edits count at once."""

    def run(self) -> None:
        """Build the modules, then ``.mim``."""
        super().run()
        base = ROOT if self.editable_mode else Path(self.build_lib)
        mim = base / 'sr4ir_mm' / '.mim'
        shutil.rmtree(mim, ignore_errors=True)
        mim.mkdir(parents=True)
        for name in SHARED:
            source, target = ROOT / name, mim / name
            if self.editable_mode:
                target.symlink_to(os.path.relpath(source, mim))
            elif source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns('__pycache__'))
            else:
                shutil.copyfile(source, target)


setup(cmdclass={'build_py': BuildWithMim})
