# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Archives that are not what they should be."""

import gzip
import io
import resource
import shutil
import tarfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.utils.archives import cub, run

NAME = 'CUB_200_2011'
MIB = 2**20


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    return cub(tmp_path)[0]


def refused(module: ModuleType, archive: Path, out: Path, capsys: pytest.CaptureFixture) -> str:
    """Unpack what must not be, and find that nothing is left of it."""
    assert run(module, [archive], out) == 1
    assert not [path for path in out.rglob('*') if not path.is_dir()]
    message = capsys.readouterr().err
    assert f'error: {archive}' in message
    assert message.strip().count('\n') == 0
    return message


def pack_member(path: Path, name: str, kind: bytes, link: str = '', size: int = 0) -> Path:
    with tarfile.open(path, 'w:gz') as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, link, size
        tar.addfile(info, io.BytesIO(bytes(size)))
    return path


@pytest.mark.parametrize(
    ('name', 'kind', 'link'),
    [
        ('../evil.txt', tarfile.REGTYPE, ''),
        (f'{NAME}/../../evil.txt', tarfile.REGTYPE, ''),
        ('/evil.txt', tarfile.REGTYPE, ''),
        (f'{NAME}/absolute', tarfile.SYMTYPE, '/etc'),
        (f'{NAME}/up', tarfile.SYMTYPE, '../../..'),
        (f'{NAME}/hard', tarfile.LNKTYPE, '../../../cars_annos.mat'),
    ],
)
def test_what_leads_out_is_refused(
    name: str,
    kind: bytes,
    link: str,
    module: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    path = pack_member(tmp_path / 'evil.tgz', name, kind, link)
    assert f'has the member {name}' in refused(module, path, tmp_path / 'data', capsys)
    assert not list(tmp_path.rglob('evil.txt'))


@pytest.mark.parametrize('kind', [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_devices_are_refused(
    kind: bytes, module: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = pack_member(tmp_path / 'evil.tgz', f'{NAME}/null', kind)
    assert 'is a special file' in refused(module, path, tmp_path / 'data', capsys)


def test_a_bomb_is_refused_before_it_is_unpacked(
    module: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = pack_member(tmp_path / 'bomb.tgz', f'{NAME}/a', tarfile.REGTYPE, size=100 * MIB)
    assert path.stat().st_size < MIB
    written: list[Path] = []
    monkeypatch.setattr(tarfile, 'bltn_open', lambda name, *_: written.append(name))
    assert 'more than 64 MiB' in refused(module, path, tmp_path / 'data', capsys)
    assert not written


def test_many_small_files_are_refused(
    module: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(module.prepare.__globals__, 'MAX_MEMBERS', 10)
    with tarfile.open(tmp_path / 'many.tgz', 'w:gz') as tar:
        for index in range(11):
            tar.addfile(tarfile.TarInfo(f'elsewhere/{index}'))
    message = refused(module, tmp_path / 'many.tgz', tmp_path / 'data', capsys)
    assert 'more than 10 files' in message


@pytest.mark.parametrize('kind', [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_fills_the_memory_is_not_read(
    kind: bytes, module: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    info = tarfile.TarInfo('name')
    info.type, info.size = kind, 500 * MIB
    with gzip.open(tmp_path / 'bomb.tgz', 'wb', compresslevel=1) as file:
        file.write(info.tobuf())
        for _ in range(500):
            file.write(bytes(MIB))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = refused(module, tmp_path / 'bomb.tgz', tmp_path / 'data', capsys)
    assert f'{500 * MIB} bytes' in message
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_a_full_disk_is_told_before(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, sources = cub(tmp_path)
    monkeypatch.setattr(shutil, 'disk_usage', lambda _: SimpleNamespace(free=100))
    message = refused(module, sources[0], tmp_path / 'data', capsys)
    assert 'does not fit: 0 MiB are free' in message


def test_a_python_without_the_filter_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, sources = cub(tmp_path)
    monkeypatch.delattr(tarfile, 'data_filter')
    assert run(module, sources, tmp_path / 'data') == 1
    assert 'use 3.10.12, 3.11.4, 3.12 or a newer one' in capsys.readouterr().err


def test_a_page_in_the_place_of_an_archive(
    module: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / 'page.tgz'
    path.write_text('<html>Not found</html>')
    message = refused(module, path, tmp_path / 'data', capsys)
    assert 'is no tar archive, or is broken or cut off' in message
    assert 'Download CUB_200_2011.tgz' in message


def test_interrupted_call_leaves_no_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, sources = cub(tmp_path)

    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, 'read_headers', stop)
        with pytest.raises(KeyboardInterrupt):
            run(module, sources, tmp_path / 'data')
    assert not list((tmp_path / 'data').iterdir())
    assert run(module, sources, tmp_path / 'data') == 0
