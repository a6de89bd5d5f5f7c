# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a signal ends has that signal's exit code, through the launcher, too."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.utils.tiny import ROOT
from tests.utils.tools import tool

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


def test_a_port_that_is_taken_is_left(capsys: pytest.CaptureFixture) -> None:
    with_free_port = tool('torchrun').with_free_port
    with socket.socket() as taken:
        taken.bind(('', 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ['--nnodes=1', f'--master_port={port}', 'train.py', 'config.py']
        changed = with_free_port(words)
        assert changed[1] != words[1]
        assert [changed[0], *changed[2:]] == [words[0], *words[2:]]
        assert f'Port {port} is in use: taking {changed[1].partition("=")[2]}' in (
            capsys.readouterr().err
        )
        others = ['--nnodes=2', *words[1:]]
        assert with_free_port(others) == others  # the other machine would not know
    assert with_free_port(words) == words
