# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Results are named after the pictures, and no two alike."""

from pathlib import Path

import numpy as np
import pytest

from sr4ir_mm.apis.inputs import list_pictures
from sr4ir_mm.errors import DataError


def names(root: Path, files: list[str]) -> list[str]:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return [picture.name for picture in list_pictures([str(root / file) for file in files])]


def test_no_two_names_are_alike(tmp_path: Path) -> None:
    files = ['a/1.jpg', 'b/1.jpg', 'c/1_jpg_2.png', 'c/2.v1.png']
    found = names(tmp_path, files)
    assert found == ['1_jpg', '1_jpg_2', '1_jpg_2_2', '2.v1']
    inside = [picture.name for picture in list_pictures(tmp_path)]
    assert inside == ['a/1', 'b/1', 'c/1_jpg_2', 'c/2.v1']


def test_addresses_and_arrays() -> None:
    array = np.zeros((2, 3), np.uint8)
    found = list_pictures(['http://example.org/x/cat.png?size=1', array, array])
    assert [picture.name for picture in found] == ['cat', '00000001', '00000002']
    assert found[1].load().shape == (2, 3, 3)
    with pytest.raises(DataError, match='no picture'):
        list_pictures(np.zeros((2, 3, 5), np.uint8))[0].load()
