# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Archives as their sites publish them, tiny: unpacked whole or not at all, checked, left alone."""

import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.utils.archives import cars, cub, run, voc

Case = tuple[ModuleType, list[Path], Path]


@pytest.fixture(params=[voc, cub, cars], ids=lambda make: make.__name__)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    module, sources = request.param(tmp_path)
    return module, sources, tmp_path / 'data'


def test_unpacked_and_complete(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    before = [source.read_bytes() for source in sources]
    assert run(module, sources, out) == 0
    text = capsys.readouterr().out
    folder = out / module.RECIPE.folder
    assert f'is complete in {folder}' in text.replace('\n', '')
    assert [source.read_bytes() for source in sources] == before
    assert not list(out.rglob('*.part'))
    assert not (out / 'attributes.txt').exists()
    # Again: it is only checked.
    stamp = folder.stat().st_mtime_ns
    assert run(module, sources, out) == 0
    assert folder.stat().st_mtime_ns == stamp
    # And so is a folder, which stays where it is.
    assert run(module, [folder], out / 'elsewhere') == 0
    assert not (out / 'elsewhere').exists()


def test_wrong_number_is_told(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    what = sorted(module.EXPECTED)[0]
    module.EXPECTED[what] = 7
    assert run(module, sources, out) == 1
    assert f'has 2 of {what}, not 7: it is not complete. Download' in capsys.readouterr().err


def test_missing_image_is_named(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    assert run(module, sources, out) == 0
    image = sorted(out.rglob('*.jpg'))[0]
    image.unlink()
    assert run(module, sources, out) == 1
    assert f'{image} is missing' in capsys.readouterr().err


def test_file_that_is_no_image_is_named(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    assert run(module, sources, out) == 0
    image = sorted(out.rglob('*.jpg'))[0]
    image.write_text('<html>')
    assert run(module, sources, out) == 1
    assert f'{image} is not an image' in capsys.readouterr().err


def test_archive_that_is_cut_off_leaves_nothing(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    whole = sources[0].read_bytes()
    sources[0].write_bytes(whole[: len(whole) // 2])
    assert run(module, sources, out) == 1
    assert capsys.readouterr().err.strip().startswith('error: ')
    assert not [path for path in out.rglob('*') if path.is_file()]
    # The whole one, named as the other was, works then.
    sources[0].write_bytes(whole)
    assert run(module, sources, out) == 0


def test_incomplete_archive_leaves_nothing(case: Case, capsys: pytest.CaptureFixture) -> None:
    """It is cut off between two files, where tar sees the end of an archive."""
    module, sources, out = case
    whole = sources[0].read_bytes()
    with tarfile.open(sources[0]) as tar:
        end = [member.offset for member in tar if member.name.endswith('.jpg')][-1]
        tar.fileobj.seek(0)
        content = tar.fileobj.read(end)
    sources[0].write_bytes(content)
    assert run(module, sources, out) == 1
    message = capsys.readouterr().err
    assert 'What was unpacked is removed again' in message
    assert f'{out / module.RECIPE.folder}/' in message
    assert not [path for path in out.rglob('*') if path.is_file()]
    sources[0].write_bytes(whole)
    assert run(module, sources, out) == 0


def test_missing_archive_says_what_to_download(case: Case, capsys: pytest.CaptureFixture) -> None:
    module, sources, out = case
    assert run(module, [sources[0].with_name('none.tar')], out) == 1
    assert 'There is no' in (text := capsys.readouterr().err)
    assert 'Download' in text
