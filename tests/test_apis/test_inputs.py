# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Results are named after the pictures, and no two alike."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sr4ir_mm.apis.inputs import list_pictures
from sr4ir_mm.errors import DataError

GREY = np.arange(6, dtype=np.uint8).reshape(2, 3)


def touch(root: Path, *files: str) -> list[str]:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return [str(root / file) for file in files]


def names(*args: object) -> list[str]:
    return [picture.name for picture in list_pictures(*args)]  # type: ignore[arg-type]


def test_names_keep_the_folders(tmp_path: Path) -> None:
    files = touch(tmp_path, 'a/1.jpg', 'b/1.jpg', 'b/deep/1.v2.PNG', 'b/note.txt')
    folders = [tmp_path / 'a', tmp_path / 'b']
    inside = ['a/1', 'b/1', 'b/deep/1.v2']
    assert names(tmp_path) == names(files[:3]) == names(folders) == inside
    assert names(tmp_path / 'b') == ['1', 'deep/1.v2']
    assert names(files[0]) == names(Path(files[0])) == ['1']
    assert names(path for path in files[:2]) == ['a/1', 'b/1']
    assert names([tmp_path / 'a', files[1]]) == ['a/1', 'b/1']


def test_no_two_names_are_alike(tmp_path: Path) -> None:
    files = touch(tmp_path, 'v.1/1.jpg', 'v.1/1.png', 'v.1/1_jpg.png')
    assert names(files) == ['1_jpg', '1_png', '1_jpg_2']
    assert names([*files[:1], *files[:1]]) == ['1_jpg', '1_jpg_2']
    assert names(tmp_path)[:2] == ['v.1/1_jpg', 'v.1/1_png'][:2]


def test_results_within_the_folder_are_no_inputs(tmp_path: Path) -> None:
    touch(tmp_path, '1.jpg', 'results/sr/1.png')
    results = [tmp_path / 'results', tmp_path / 'results/sr']
    assert names(tmp_path) == ['1', 'results/sr/1']
    assert names(tmp_path, results[:1]) == names(tmp_path, results[1:]) == ['1']
    assert names(tmp_path / 'results', results[:1]) == ['sr/1']
    assert names(tmp_path / 'results/sr', results) == ['1']


def test_a_file_that_is_not_there_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    files = touch(tmp_path, 'a.png')
    found = list_pictures([*files, tmp_path / 'none.png'])
    assert [picture.name for picture in found] == ['a', 'none']
    with pytest.raises(DataError, match=r'There is no file or folder .*none\.png'):
        found[1].load()


@pytest.mark.parametrize(
    ('address', 'name'),
    [
        ('http://example.org/x/cat.png?size=1', 'cat'),
        ('http://example.org/x/%C3%BCn%20a.png#top', 'ün a'),
        ('http://example.org/x/..%2F..%2Fcat.png', 'cat'),
        ('http://example.org/x/a%00b.png', 'a%00b'),
        ('http://example.org', 'address'),
    ],
)
def test_names_of_addresses(address: str, name: str) -> None:
    assert names(address) == [name]


def test_addresses_arrays_and_files_together(tmp_path: Path) -> None:
    Image.fromarray(GREY).save(tmp_path / 'a.png')
    address = 'http://example.org/x/cat.png?size=1'
    found = list_pictures([address, GREY, tmp_path / 'a.png', GREY], first=7)
    assert [picture.name for picture in found] == ['cat', '00000007', 'a', '00000008']
    expected = np.repeat(GREY[..., None], 3, 2)
    for picture in found[1:]:
        np.testing.assert_array_equal(picture.load(), expected)


@pytest.mark.parametrize('channels', [1, 2, 3, 4])
def test_channels_of_arrays(channels: int) -> None:
    array = np.random.default_rng(0).integers(0, 256, (4, 5, channels), dtype=np.uint8)
    (picture,) = list_pictures(array)
    expected = np.repeat(array[..., :1], 3, 2) if channels < 3 else array[..., :3]
    np.testing.assert_array_equal(picture.load(), expected)


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    touch(tmp_path, 'note.txt')
    for inputs, message in (
        (tmp_path, 'no picture in'),
        ('', "name of a picture or folder is empty: ''"),
        ([' '], "is empty: ' '"),
        (b'abc', "b'abc' is no picture"),
        (torch.zeros(3, 4, 4), 'tensor.* is no picture'),
        ([], 'list of inputs is empty'),
        (dict(img='a.png'), r"\{'img': 'a.png'\} is no picture: give a file, a folder"),
        ([None], 'None is no picture'),
    ):
        with pytest.raises(DataError, match=message):
            list_pictures(inputs)  # type: ignore[arg-type]
    for array, message in (
        (np.zeros((2, 3, 5), np.uint8), 'no picture'),
        (np.zeros((0, 3, 3), np.uint8), 'no picture'),
        (np.zeros((2, 3, 3), np.float32), 'it must be uint8'),
    ):
        with pytest.raises(DataError, match=message):
            list_pictures(array)[0].load()
