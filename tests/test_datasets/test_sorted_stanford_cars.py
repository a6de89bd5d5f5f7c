# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Classes are numbered as torchvision's ImageFolder numbers sorted folders."""

from pathlib import Path

from tests.utils.tiny_data import make_cars


def test_labels_follow_sorted_names(tmp_path: Path) -> None:
    from mmpretrain.datasets import StanfordCars

    from sr4ir_mm.registry import DATASETS

    make_cars(tmp_path, number=20)
    root = str(tmp_path / 'stanford_cars')
    ours = DATASETS.build(dict(type='SortedStanfordCars', data_root=root, split='train'))
    theirs = StanfordCars(root, split='train')
    classes = ours.metainfo['classes']
    assert list(classes) == sorted(classes)
    assert set(classes) == set(theirs.metainfo['classes'])
    moved = 0
    for index in range(20):
        one, two = ours.get_data_info(index), theirs.get_data_info(index)
        assert one['img_path'] == two['img_path']
        assert classes[one['gt_label']] == theirs.metainfo['classes'][two['gt_label']]
        moved += one['gt_label'] != two['gt_label']
    assert moved > 0
