# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Label maps are looked at by what they hold."""

from pathlib import Path

import pytest

from sr4ir_mm.datasets.label_map import check_map
from sr4ir_mm.errors import DataError
from tests.utils.tiny_data import save_noise


def test_colours_are_numbers_of_segments_alone(tmp_path: Path) -> None:
    path = tmp_path / 'a.png'
    save_noise(path, (6, 8), 0)
    check_map(str(path), (6, 8), segments=True)
    with pytest.raises(DataError, match=r'a\.png is a colour picture \(RGB\)'):
        check_map(str(path), (6, 8))
    with pytest.raises(DataError, match='8x6 pixels, but its image is 9x6'):
        check_map(str(path), (6, 9), segments=True)
