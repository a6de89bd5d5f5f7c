# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Files that are whole or not there."""

import json
import math
import os
from pathlib import Path

import pytest

from sr4ir_mm.utils.files import missing_file, write_json, write_text


def test_text_replaces_a_file_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'new/folder/a.txt'
    write_text(path, 'the first')
    assert path.read_text() == 'the first'

    def full(descriptor: int) -> None:
        raise OSError('the disk is full')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='disk is full'):
        write_text(path, 'the second')
    assert path.read_text() == 'the first'


def test_json_is_strict_and_its_numbers_come_back(tmp_path: Path) -> None:
    write_json(tmp_path / 'a.json', dict(a=[math.inf, (-math.inf, dict(b=math.nan))], c=0.5))
    content = json.loads(
        (tmp_path / 'a.json').read_text(), parse_constant=lambda name: pytest.fail(name)
    )
    assert content == dict(a=['inf', ['-inf', dict(b='nan')]], c=0.5)
    assert math.isnan(float(content['a'][1][1]['b']))


@pytest.mark.parametrize(
    ('there', 'hint'), [('A.PNG', ' There is A.PNG.'), ('a.jpg', ' There is a.jpg.'), ('b.png', '')]
)
def test_what_is_there_in_place_of_a_missing_file(there: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / there).touch()
    path = str(tmp_path / 'a.png')
    start = f'{path} is missing: check data_root and data_prefix of the data set.'
    assert missing_file(path) == f'{start}{hint}'
    assert missing_file(f'{tmp_path}/no/a.png').endswith(f'There is no folder {tmp_path}/no.')
