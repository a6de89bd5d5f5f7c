# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Archives as their sites publish them, tiny: unpacked whole or not at all, checked, left alone."""

import io
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.utils.archives import cars, cub, run, voc


@pytest.fixture(params=[voc, cub, cars], ids=lambda make: make.__name__)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ModuleType, list[Path], Path]:
    module, sources = request.param(tmp_path)
    return module, sources, tmp_path / 'data'


def test_unpacked_and_complete(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    before = [source.read_bytes() for source in sources]
    assert run(module, sources, out) == 0
    text = capsys.readouterr().out
    place = out / module.RECIPE.place
    assert f'is complete in {place}' in text.replace('\n', '')
    assert [source.read_bytes() for source in sources] == before
    assert not list(out.rglob('*.part'))
    assert not (out / 'attributes.txt').exists()
    # Again: it is only checked.
    (stamp,) = {place.stat().st_mtime_ns}
    assert run(module, sources, out) == 0
    assert place.stat().st_mtime_ns == stamp
    # And so is a folder, which stays where it is.
    assert run(module, [place], out / 'elsewhere') == 0
    assert not (out / 'elsewhere').exists()


def test_wrong_number_is_told(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    what = sorted(module.EXPECTED)[0]
    module.EXPECTED[what] = 7
    assert run(module, sources, out) == 2
    assert f'has 2 of {what}, not 7: it is not complete. Download' in capsys.readouterr().err


def test_missing_image_is_named(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    assert run(module, sources, out) == 0
    image = sorted(out.rglob('*.jpg'))[0]
    image.unlink()
    assert run(module, sources, out) == 2
    assert f'{image} is missing' in capsys.readouterr().err


def test_file_that_is_no_image_is_named(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    assert run(module, sources, out) == 0
    image = sorted(out.rglob('*.jpg'))[0]
    image.write_text('<html>')
    assert run(module, sources, out) == 2
    assert f'{image} is not an image' in capsys.readouterr().err


def test_archive_that_is_cut_off_leaves_nothing(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    sources[0].write_bytes(sources[0].read_bytes()[: sources[0].stat().st_size // 2])
    assert run(module, sources, out) == 2
    assert sources[0].name in capsys.readouterr().err
    assert not [path for path in out.rglob('*') if path.is_file()]


def test_missing_archive_says_what_to_download(
    case: tuple[ModuleType, list[Path], Path], capsys: pytest.CaptureFixture
) -> None:
    module, sources, out = case
    assert run(module, [sources[0].with_name('none.tar')], out) == 2
    assert 'There is no' in (text := capsys.readouterr().err)
    assert 'Download' in text


@pytest.mark.parametrize(
    'member', ['../evil.txt', 'CUB_200_2011/../../evil.txt', 'CUB_200_2011/link']
)
def test_member_that_leads_out_is_refused(
    member: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    module, _ = cub(tmp_path)
    path = tmp_path / 'evil.tgz'
    with tarfile.open(path, 'w:gz') as tar:
        info = tarfile.TarInfo(member)
        if member.endswith('link'):
            info.type, info.linkname = tarfile.SYMTYPE, '/etc'
        tar.addfile(info, io.BytesIO())
    assert run(module, [path], tmp_path / 'data') == 2
    assert f'has the member {member}' in capsys.readouterr().err
    assert not (tmp_path / 'evil.txt').exists()
    assert not (tmp_path / 'data' / 'CUB_200_2011').exists()


def test_interrupted_call_leaves_no_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, sources = cub(tmp_path)

    def stop(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tarfile.TarFile, 'extract', stop)
    with pytest.raises(KeyboardInterrupt):
        run(module, sources, tmp_path / 'data')
    assert not [path for path in (tmp_path / 'data').rglob('*') if path.is_file()]
    monkeypatch.undo()
    assert run(module, sources, tmp_path / 'data') == 0


def test_archive_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    module, sources = cub(tmp_path)
    bomb = tmp_path / 'bomb.tgz'
    with tarfile.open(bomb, 'w:gz') as tar:
        info = tarfile.TarInfo('CUB_200_2011/zeros')
        info.size = 4 * 2**20
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    archives = sys.modules['archives']
    assert archives.RATIO * bomb.stat().st_size < info.size
    monkeypatch.setattr(archives, 'SMALL', 2**20)
    assert run(module, [bomb], tmp_path / 'data') == 2
    assert 'unpacks to more than 20 times its size' in capsys.readouterr().err
    assert not [path for path in (tmp_path / 'data').rglob('*') if path.is_file()]
    assert run(module, sources, tmp_path / 'data') == 0  # the right one, afterwards


@pytest.mark.parametrize('kind', [tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.LNKTYPE])
def test_what_is_neither_file_nor_folder_is_refused(
    kind: bytes, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    module, _ = cub(tmp_path)
    path = tmp_path / 'odd.tgz'
    with tarfile.open(path, 'w:gz') as tar:
        info = tarfile.TarInfo('CUB_200_2011/odd')
        info.type, info.linkname = kind, 'images.txt'
        tar.addfile(info)
    assert run(module, [path], tmp_path / 'data') == 2
    assert 'CUB_200_2011/odd, which is neither a file nor a folder' in capsys.readouterr().err
