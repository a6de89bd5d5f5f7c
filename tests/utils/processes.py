# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Programs that need a process of their own."""

import subprocess
import sys
from pathlib import Path


def run_python(code: str, cwd: Path, **env: str) -> subprocess.CompletedProcess:
    """Run a program in a process of its own."""
    return subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', code],
        cwd=cwd,
        env=env or None,
        capture_output=True,
        text=True,
        timeout=300,
    )
