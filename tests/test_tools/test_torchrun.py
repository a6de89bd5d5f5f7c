# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a signal ends has that signal's exit code, through the launcher, too."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.utils.tiny import ROOT

SCRIPT = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Path(__file__).with_name('ready').touch()
time.sleep(100)
"""


def test_sigterm(tmp_path: Path) -> None:
    (tmp_path / 'script.py').write_text(SCRIPT)
    launcher = subprocess.Popen(
        [sys.executable, str(ROOT / 'tools/torchrun.py'), '--standalone', tmp_path / 'script.py'],
        env={**os.environ, 'OMP_NUM_THREADS': '1'},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 120
        while not (tmp_path / 'ready').exists():
            assert time.monotonic() < end
            assert launcher.poll() is None
            time.sleep(0.1)
        launcher.send_signal(signal.SIGTERM)
        _, errors = launcher.communicate(timeout=60)
    finally:
        launcher.kill()
    assert launcher.returncode == 143
    assert 'Traceback' not in errors
