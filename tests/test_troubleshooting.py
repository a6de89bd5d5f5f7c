# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The messages that docs/troubleshooting.md explains are those of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.utils.tiny import ROOT

VALUE = '\0'
"""Stands for what a message takes in when it is raised."""
FOLDERS = ('sr4ir_mm', 'tools', 'demo')


def texts(path: Path) -> Iterator[str]:
    """Give all strings of a module, f-strings with a mark for each value."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            parts = node.values
            yield ''.join(str(p.value) if isinstance(p, ast.Constant) else VALUE for p in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def quoted(page: str) -> list[str]:
    """Give the messages in the bold first words of the page's paragraphs."""
    heads = re.findall(r'^\*\*(.*?)\*\*', page, re.MULTILINE | re.DOTALL)
    spans = [' '.join(span.split()) for head in heads for span in re.findall(r'`([^`]+)`', head)]
    return [span for span in spans if ' ' in span and not span.startswith('make ')]


def pattern(message: str) -> re.Pattern:
    """Make what finds a quoted message in a string of the code; ``...`` is a value or two."""
    parts = [re.escape(part) for part in message.split('...')]
    return re.compile(f'[{VALUE}]+'.join(parts))


FILES = [path for folder in FOLDERS for path in (ROOT / folder).rglob('*.py')]
CODE = {text for path in FILES for text in texts(path)}
QUOTED = quoted((ROOT / 'docs/troubleshooting.md').read_text())


def test_the_page_quotes_many() -> None:
    assert len(QUOTED) > 20
    assert len(set(QUOTED)) == len(QUOTED)


@pytest.mark.parametrize('message', QUOTED)
def test_message_is_in_the_code(message: str) -> None:
    assert any(pattern(message).search(text) for text in CODE)


def test_a_message_that_nothing_raises_is_found() -> None:
    for message in ('There is no checkpoint ... train it first', 'Image ... cannot be drawn'):
        assert not any(pattern(message).search(text) for text in CODE)
