# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Every command that README and docs show is understood by what it calls."""

import argparse
import ast
import importlib
import os
import os.path as osp
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.utils.pages import PAGES, blocks
from tests.utils.tiny import ROOT
from tests.utils.tools import tool

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class UnderstoodError(BaseException):
    """The command line was parsed: nothing more is wanted of the script."""


def commands() -> Iterator[str]:
    """Give every line of the blocks, and what stands in the text and looks like one."""
    for _, block in blocks('bash'):
        for line in block.replace('\\\n', ' ').splitlines():
            if line.strip():
                yield ' '.join(re.sub(r'\s+#.*', '', line).split())
    for page in PAGES:
        text = re.sub(r'^```.*?^```', '', page.read_text(), flags=re.MULTILINE | re.DOTALL)
        for span in re.findall(r'`([^`]+)`', text):
            words = ' '.join(span.split())
            if re.match(r'python (tools|demo)/\S+ |python -m |make [a-z]|mim [a-z]+ ', words):
                yield words


def parsed(path: str, words: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a script parse its arguments, and stop it there."""
    parse = argparse.ArgumentParser.parse_args

    def parse_and_stop(self: Any, args: Sequence[str] | None = None, *rest: Any) -> None:
        parse(self, args, *rest)
        raise UnderstoodError

    main = tool(osp.relpath(path.removesuffix('.py'), 'tools')).main
    monkeypatch.setattr(argparse.ArgumentParser, 'parse_args', parse_and_stop)
    with pytest.raises(UnderstoodError):
        main(words)


def check_script(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``python tools/train.py ...``: a script of ours, or of an installed library."""
    if words[1].startswith('$MMDET'):
        package = importlib.import_module('mmdet').__path__[0]
        assert Path(words[1].replace('$MMDET', package)).is_file()
    else:
        parsed(words[1], words[2:], monkeypatch)


def check_module(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``python -m sr4ir_mm train ...``, or another module, which is there."""
    if words[2] == 'sr4ir_mm':
        for name in words[3:4]:
            parsed(f'tools/{name}.py', words[4:], monkeypatch)
    elif (ROOT / words[2].partition('.')[0]).is_dir():
        path = ROOT / words[2].replace('.', '/')
        assert path.with_suffix('.py').is_file() or (path / '__main__.py').is_file()
    else:
        assert importlib.util.find_spec(words[2])


def check_make(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``make demo``: a target, and variables, of the Makefile."""
    text = (ROOT / 'Makefile').read_text()
    for word in words[1:]:
        name, is_variable, _ = word.partition('=')
        assert re.search(rf'^{name}( [?:]?=|:=)' if is_variable else rf'^{name}:', text, re.M) or (
            name == 'ARGS'
        )


def check_shell(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``tools/dist_train.sh CONFIG 8``: a script that may be run, with all that it needs."""
    path = ROOT / words[0]
    assert os.access(path, os.X_OK)
    positions = [int(number) for number in re.findall(r'\$\{?([1-9])', path.read_text())]
    assert len(words) > max(positions)


def check_pip(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``pip install ...``: requirements, files and extras."""
    extras = tomllib.loads((ROOT / 'pyproject.toml').read_text())['tool']['setuptools']['dynamic']
    assert words[1] == 'install'
    rest = iter(words[2:])
    for word in rest:
        if word in ('-r', '-c'):
            assert (ROOT / next(rest)).is_file()
        elif word.startswith('.'):
            names = set(word.strip('.[]').split(',')) - {''}
            assert names <= extras['optional-dependencies'].keys()
        elif not word.startswith('-'):
            Requirement(word)


def check_mim(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``mim run sr4ir_mm train ...``: a tool or a config of ours."""
    verb, package, *rest = words[1:]
    if verb == 'run':
        parsed(f'tools/{rest[0]}.py', rest[1:], monkeypatch)
    elif verb in ('train', 'test'):
        assert (ROOT / rest[0]).is_file()
    elif verb == 'search':
        files = (ROOT / 'configs').rglob('metafile.yml')
        assert any(f'Name: {rest[-1]}\n' in file.read_text() for file in files)
    elif verb == 'download':
        assert re.search(rf'^{rest[-1]}:', (ROOT / 'dataset-index.yml').read_text(), re.M)
    else:
        assert (verb, package) == ('install', '.')


def check_docker(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``docker build ...``: arguments of the Dockerfile; ``docker run ...``: what it runs."""
    for index, word in enumerate(words):
        if word == '--build-arg':
            name = words[index + 1].partition('=')[0]
            assert re.search(rf'^ARG {name}\b', (ROOT / 'Dockerfile').read_text(), re.M)
        if word == 'python':
            check_module(words[index:], monkeypatch)


def check_code(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``NAME=$(python -c CODE)``: Python."""
    ast.parse(words[2].removesuffix(')'))


CHECKS: dict[str, Callable[[list[str], pytest.MonkeyPatch], None]] = {
    r'python (tools|demo)/|python \$MMDET/': check_script,
    r'python -m ': check_module,
    r'make ': check_make,
    r'tools/\w+\.sh ': check_shell,
    r'pip ': check_pip,
    r'mim ': check_mim,
    r'docker (build|run) ': check_docker,
    r'\w+=\$\(python -c ': check_code,
}
COMMANDS = sorted(set(commands()))


def check_of(command: str) -> tuple[Callable, list[str]]:
    """Give what checks a command, and its words without the variables before it."""
    command = re.sub(r'^(?:(?!\w+=\$)\w+=\S+ )+', '', command)
    found = [check for start, check in CHECKS.items() if re.match(start, command)]
    assert found, f'No test understands {command!r}: add a check, or call what there is.'
    return found[0], shlex.split(command)


def test_every_check_has_commands() -> None:
    assert {check_of(command)[0] for command in COMMANDS} == set(CHECKS.values())


@pytest.mark.parametrize('command', COMMANDS)
def test_command_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check, words = check_of(command)
    check(words, monkeypatch)


@pytest.mark.parametrize(
    'command',
    [
        'python tools/train.py mine.py --no-such-option',
        'python -m sr4ir_mm no_such_tool',
        'make no-such-target',
        'tools/dist_train.sh mine.py',
        'pip install .[no_such_extra]',
        'mim run sr4ir_mm train',
        'docker build --build-arg NO_SUCH=1 .',
    ],
)
def test_a_wrong_command_is_found(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check, words = check_of(command)
    with pytest.raises((AssertionError, SystemExit, OSError)):
        check(words, monkeypatch)
