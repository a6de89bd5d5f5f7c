# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Names of pictures keep folders, are unique and stay below theirs."""

from pathlib import Path

import pytest

from sr4ir_mm.visualization import PictureNames


def test_names_are_paths_below_the_shared_folder() -> None:
    paths = ['data/x/a/1.jpg', 'data/x/b/1.jpg', 'data/x/b/1.png', 'data/x/b/1_2.jpg']
    names = PictureNames(paths)
    assert [names.add(path) for path in paths] == ['a/1', 'b/1', 'b/1_2', 'b/1_2_2']
    assert PictureNames(['only/one.png']).add('only/one.png') == 'one'


def test_unknown_paths_stay_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'here').mkdir()
    monkeypatch.chdir(tmp_path / 'here')
    assert PictureNames().add(str(tmp_path / 'there/1.jpg')) == 'there/1'
    assert PictureNames().add('below/1.jpg') == 'below/1'
