# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""``python -m sr4ir_mm`` runs the tools that a wheel carries."""

import subprocess
import sys
from pathlib import Path

import pytest

from sr4ir_mm import __main__ as command
from sr4ir_mm.version import __version__
from tests.utils.tiny import ROOT


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a tool that imports what lies beside it, in a folder below the tools."""
    (tmp_path / 'below').mkdir()
    (tmp_path / 'below/beside.py').write_text('import sys\ndef show(): print(*sys.argv)\n')
    (tmp_path / 'below/show.py').write_text(
        '"""Show the words: show.py WORDS."""\n'
        "import beside\nif __name__ == '__main__':\n    beside.show()\n"
    )
    monkeypatch.setattr(command, 'TOOLS', tmp_path)
    monkeypatch.setattr(sys, 'path', [*sys.path])
    return tmp_path


def test_tool_runs_as_a_script_does(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, 'argv', ['sr4ir_mm', 'below/show', '--a', 'b'])
    command.main()
    assert capsys.readouterr().out.split() == [str(tools / 'below/show.py'), '--a', 'b']


@pytest.mark.parametrize(('words', 'code'), [([], 2), (['below/beside'], 2), (['--help'], 0)])
def test_what_is_no_tool_gets_the_list(
    words: list[str],
    code: int,
    tools: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setattr(sys, 'argv', ['sr4ir_mm', *words])
    with pytest.raises(SystemExit) as end:
        command.main()
    assert end.value.code == code
    shown = capsys.readouterr()
    lines = (shown.out or shown.err).splitlines()
    assert '  below/show  Show the words' in lines
    assert not any('beside  ' in line for line in lines)
    assert bool(shown.out) == (code == 0)
    wrong = 'error: there is no tool below/beside: did you mean below/show?'
    assert (lines[-1] == wrong) == (words == ['below/beside'])


def test_a_clone_that_was_not_installed(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, 'TOOLS', tools / 'gone')
    monkeypatch.setattr(sys, 'argv', ['sr4ir_mm', 'train'])
    with pytest.raises(SystemExit, match='pip install -e'):
        command.main()


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(sys, 'argv', ['sr4ir_mm', '--version'])
    command.main()
    assert capsys.readouterr().out == f'sr4ir_mm {__version__}\n'


def test_ours_are_there_each_with_what_it_does() -> None:
    names = {path.stem for path in (ROOT / 'tools').glob('*.py')}
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'sr4ir_mm', '--help'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    shown = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[1:])
    assert names <= shown.keys()
    assert all(len(text) > 9 and '.py' not in text for text in shown.values())
