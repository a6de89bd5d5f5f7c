# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The demo's table and picture."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.utils.tiny import ROOT

sys.path.insert(0, str(ROOT / 'demo'))
report = pytest.importorskip('report')


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    """Two settings that were run, with pictures of 4x6 panels in one colour each."""
    for name, colours in (('h2t', (30, 40)), ('l2t', (0, 10, 20))):
        pictures = tmp_path / name / 'date' / 'pictures'
        pictures.mkdir(parents=True)
        panels = [np.full((4, 6, 3), colour, np.uint8) for colour in colours]
        Image.fromarray(np.concatenate(panels, axis=1)).save(pictures / 'a.png')
    metrics = {'coco/bbox_mAP': 0.25, 'coco/bbox_mAP_50': 0.5, 'PSNR': 21.234}
    (tmp_path / 'l2t/metrics.json').write_text(json.dumps(metrics))
    (tmp_path / 'l2t/seconds.json').write_text('61.4')
    return tmp_path


def test_rows_say_what_was_not_measured(work_dir: Path) -> None:
    rows = report.read_rows(work_dir, ['h2t', 'l2t'])
    assert report.cells(rows[1])[2:] == ['0.250', '0.500', '21.23', 'n/a', '61']
    assert report.cells(rows[0])[2:] == ['n/a'] * 5
    lines = report.markdown(rows, 'a machine').splitlines()
    table = [line for line in lines if line.startswith('|')]
    assert len({line.count('|') for line in table}) == 1
    assert 'Hardware: a machine.' in lines


def test_picture_has_a_column_for_each_view(work_dir: Path) -> None:
    panels = report.read_panels(work_dir, ['h2t', 'l2t'])
    colours = {name: int(np.asarray(images[0]).mean()) for name, images in panels.items()}
    assert colours == {'LR': 0, 'SR, l2t': 10, 'HR, h2t': 30, 'HR, ground truth': 40}
    page = report.compose(panels, zoom=2, gap=1)
    assert page.size == (4 * 13 + 1, 9 + 21)
    assert page.getpixel((1, 21)) == (0, 0, 0)
    assert page.getpixel((14, 21)) == (10, 10, 10)
