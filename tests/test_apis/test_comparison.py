# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What a figure of settings side by side shows."""

from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS, init_default_scope
from PIL import Image

from sr4ir_mm.apis import Setting, compare
from sr4ir_mm.visualization.comparison_row import Row
from tests.utils.weights import save_pair


@pytest.fixture(scope='module')
def det(coco: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Pairs of three settings of a detector that finds something anywhere."""
    folder = tmp_path_factory.mktemp('det')
    names = {'h2t': 'h2t/det', 'l2t': 'l2t/det_x4', 'sr4ir': 'sr4ir/det_edsr_x4'}
    return {key: save_pair(coco, folder, name) for key, name in names.items()}


def settings(pairs: dict[str, tuple[str, str]], *names: str) -> list[Setting]:
    return [Setting(name, *pairs[name]) for name in names]


def titles(row: Row) -> list[str]:
    return [panel.title for panel in row.panels]


def test_views_of_detectors(det: dict[str, tuple[str, str]], coco: Path) -> None:
    rows = compare(
        settings(det, 'l2t', 'sr4ir', 'h2t'), [0, 3], layer=0, metrics=['PSNR'], score_thr=0.0
    )
    assert [row.name for row in rows] == ['0.png', '3.png']
    assert titles(rows[0]) == ['LR', 'l2t', 'sr4ir', 'h2t', 'HR, ground truth']
    hr = np.asarray(Image.open(coco / 'images/3.png'))
    lr, l2t, sr4ir, h2t, truth = rows[1].panels
    assert (truth.plain == hr).all()
    assert (h2t.plain == hr).all()
    assert (lr.plain[:4, :4] == lr.plain[0, 0]).all()  # its pixels show
    # 8 pixels of border do not count, as in the tables.
    gap = l2t.plain.astype(float) - hr
    psnr = 10 * np.log10(255**2 / (gap[8:-8, 8:-8] ** 2).mean())
    assert l2t.caption == [f'PSNR {psnr:.2f}']
    assert h2t.caption == ['PSNR ∞']
    assert (h2t.distance == 0).all()
    assert sr4ir.distance.max() > 0
    assert lr.distance is None and truth.distance is None  # noqa: PT018
    # What is drawn is large enough to read, and differs from the plain picture.
    large = hr.repeat(6, 0).repeat(6, 1)
    assert truth.shown[0].shape == large.shape
    assert (truth.shown[0] != large).any()


def test_distance_maps_leave_padding_out(det: dict[str, tuple[str, str]]) -> None:
    """40x56 pixels are padded to 64x64 for the detector: 8x8 cells, of which 5x7 are image."""
    (row,) = compare(settings(det, 'sr4ir'), [0], layer=0, metrics=[])
    assert row.panels[1].distance.shape == (5, 7)


def test_files_are_taken_as_they_are(det: dict[str, tuple[str, str]], tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / 'a.png')
    (row,) = compare(settings(det, 'sr4ir'), [tmp_path], metrics=['PSNR', 'SSIM'])
    assert titles(row) == ['LR', 'sr4ir', 'HR']
    assert row.name == 'a.png'
    assert (row.panels[2].plain == pixels).all()
    assert row.panels[1].caption[0].split()[::2] == ['PSNR', 'SSIM']


def test_labels_and_label_maps(tiny_data: Path, tmp_path: Path) -> None:
    cls = save_pair(tiny_data, tmp_path, 'sr4ir/cls_cars_edsr_x4')
    (row,) = compare([Setting('sr4ir', *cls)], [0], metrics=[])
    init_default_scope('sr4ir_mm')
    cfg = Config.fromfile(cls[0])
    label = int(DATASETS.build(cfg.test_dataloader.dataset)[0]['data_samples'].gt_label)
    names = DATASETS.get('mmpretrain.StanfordCars').METAINFO['classes']
    assert row.panels[-1].caption == [names[label]]
    mark, text = row.panels[1].caption[0].split(' ', 1)
    assert (mark == '✓') == text.startswith(names[label])
    assert len(row.panels[1].shown) == 1

    seg = save_pair(tiny_data, tmp_path, 'sr4ir/seg_edsr_x4')
    (row,) = compare([Setting('sr4ir', *seg)], [0], layer='backbone.layer1', metrics=[])
    plain, drawn = row.panels[1].shown
    assert (plain == row.panels[1].plain).all()
    assert drawn.shape[0] >= 220
    assert row.panels[-1].title == 'HR, ground truth'
    with pytest.raises(ValueError, match='b is of another task than the first setting'):
        compare([Setting('a', *seg), Setting('b', *cls)], [0], metrics=[])
