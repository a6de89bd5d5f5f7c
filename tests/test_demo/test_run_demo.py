# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The demo goes on where it stopped, but not from results of other data."""

import os
import sys
from pathlib import Path

from tests.utils.tiny import ROOT

sys.path.insert(0, str(ROOT / 'demo'))
import run_demo  # noqa: E402


def test_results_of_earlier_data_do_not_count(tmp_path: Path) -> None:
    data, result = tmp_path / 'data.json', tmp_path / 'metrics.json'
    data.touch()
    assert not run_demo.is_newer(result, data)
    result.touch()
    os.utime(data, (1000, 1000))
    assert run_demo.is_newer(result, data)
    os.utime(result, (999, 999))
    assert not run_demo.is_newer(result, data)
