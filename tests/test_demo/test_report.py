# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The demo's table and picture."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.fileio import dump
from PIL import Image

from sr4ir_mm.apis import Setting
from sr4ir_mm.visualization.comparison_row import Panel, Row
from tests.utils.tiny import ROOT

sys.path.insert(0, str(ROOT / 'demo'))
report = pytest.importorskip('report')


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    """Two settings, one of which was tested."""
    metrics = {'accuracy/top1': 62.25, 'PSNR': 21.234}
    (tmp_path / 'l2t').mkdir()
    (tmp_path / 'l2t/metrics.json').write_text(json.dumps(metrics))
    (tmp_path / 'l2t/seconds.json').write_text('61.4')
    return tmp_path


def test_rows_say_what_was_not_measured(work_dir: Path) -> None:
    rows = report.read_rows(work_dir, ['h2t', 'l2t'])
    assert report.cells(rows[1])[2:] == ['62.2', '21.23', 'n/a', '61']
    assert report.cells(rows[0])[2:] == ['n/a'] * 4
    lines = report.markdown(rows, 'a machine', dict(sr4ir=[3, 4], s2t=[])).splitlines()
    table = [line for line in lines if line.startswith('|')]
    assert len({line.count('|') for line in table}) == 1
    assert 'Hardware: a machine.' in lines
    assert any(line.endswith('alone is right: sr4ir on 2, s2t on 0.') for line in lines)


def test_picture_compares_what_was_measured(
    work_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list = []

    def compare(settings: list[Setting], images: list, metrics: list[str]) -> list[Row]:
        given.extend([settings, metrics, images])
        image = np.zeros((8, 8, 3), np.uint8)
        return [Row('a.png', [Panel('LR', image, [image])])]

    monkeypatch.setattr(report, 'compare', compare)
    rows = report.read_rows(work_dir, ['h2t', 'l2t'])
    rows[0]['PSNR'] = float('inf')  # h2t sees HR images
    report.draw_picture(rows, work_dir, [5, 7])
    assert given[2] == [5, 7]
    assert [setting.name for setting in given[0]] == ['l2t', 'h2t']
    assert all((ROOT / setting.config).is_file() for setting in given[0])
    assert given[0][0].checkpoint == work_dir / 'l2t'
    assert given[1] == ['PSNR']
    assert Image.open(work_dir / 'picture.png').size[0] > 400


def test_images_of_the_picture_are_those_on_which_settings_differ(work_dir: Path) -> None:
    truth = [0, 0, 1, 1, 2, 2]
    for name, labels in (('sr4ir', [0, 0, 1, 0, 2, 1]), ('s2t', [1, 0, 0, 1, 0, 1])):
        samples = [
            dict(pred_label=torch.tensor([a]), gt_label=torch.tensor([b]))
            for a, b in zip(labels, truth, strict=True)
        ]
        (work_dir / name).mkdir()
        dump(samples, work_dir / name / report.PREDICTIONS)
    alone = report.read_alone(work_dir, 'sr4ir', 's2t')
    assert alone == dict(sr4ir=[0, 2, 4], s2t=[3])  # of 1 and 5 both say the same
    assert report.choose_images(alone) == [0, 2, 4, 3]


def test_images_are_in_proportion_and_spread() -> None:
    alone = dict(sr4ir=list(range(0, 40)), s2t=list(range(100, 120)))
    assert report.choose_images(alone, 6) == [5, 15, 25, 35, 105, 115]
    assert report.choose_images(dict(sr4ir=[], s2t=[])) == [0]
    assert report.choose_images(dict(sr4ir=[], s2t=[9])) == [9]
