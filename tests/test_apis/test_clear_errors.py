# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A command ends in one message, and shows where only when it is asked."""

import errno
from pathlib import Path

import pytest
from mmengine.runner import BaseLoop

from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.errors import ConfigError, DataError, ModelError, named_errors

LOADING = 'Caught DataError in DataLoader worker process 0.\nTraceback ...\n{}: a.png is cut off'


class Loop(BaseLoop):
    """A loop that fails."""

    def __init__(self) -> None: ...

    def run(self) -> None:
        """Fail."""
        raise ZeroDivisionError('in step 3')


@pytest.mark.parametrize(
    ('error', 'message'),
    [
        (ConfigError('a.b = 3: no'), 'a.b = 3: no'),
        (DataError(LOADING.format('sr4ir_mm.errors.DataError')), 'a.png is cut off'),
        (FileNotFoundError(errno.ENOENT, 'No such file', 'a.json'), 'No such file'),
        (OSError(errno.ENOSPC, 'No space left', 'a.pth'), "'a.pth'. Make room;"),
        (KeyError('width'), 'width (KeyError; SR4IR_TRACEBACK=1 shows where).'),
        (RuntimeError('sizes\n  differ'), 'sizes differ (RuntimeError; '),
        (ConnectionResetError('by peer'), 'by peer (ConnectionResetError; '),
    ],
)
def test_one_message(
    error: Exception,
    message: str,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv('SR4IR_TRACEBACK', raising=False)
    with pytest.raises(SystemExit) as end, clear_errors():
        raise error
    assert end.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith('error: ')
    assert message in lines[0]
    monkeypatch.setenv('SR4IR_TRACEBACK', '1')
    with pytest.raises(type(error)), clear_errors():
        raise error


def test_a_running_loop_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), clear_errors():
        Loop().run()


@pytest.mark.parametrize(
    ('error', 'message'),
    [
        (KeyError('a'), 'net: KeyError: a'),
        (ValueError('two\nlines'), 'net: ValueError: two lines'),
        (TypeError('no in <a.b.Hook object at 0x7f>'), 'net: TypeError: no'),
    ],
)
def test_errors_of_a_library_are_one_line(error: Exception, message: str) -> None:
    with pytest.raises(ModelError) as raised, named_errors('net'):
        raise error
    assert str(raised.value) == message


def test_a_folder_is_left_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), clear_errors():
        (tmp_path / 'absent' / 'file').read_text()
    assert not list(tmp_path.iterdir())
