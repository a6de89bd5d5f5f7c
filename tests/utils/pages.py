# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""What users read: README, docs, and the texts beside code."""

import re
from collections.abc import Iterator

from tests.utils.tiny import ROOT

FOLDERS = ('.', 'docs', 'configs/*', 'projects/*')
PAGES = [
    page
    for folder in FOLDERS
    for page in sorted(ROOT.glob(f'{folder}/*.md'))
    if page.name != 'CHANGELOG.md'
]


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Give the code blocks of all pages, with the name of the page."""
    for page in PAGES:
        for block in re.findall(rf'```{language}\n(.*?)```', page.read_text(), re.DOTALL):
            yield page.name, block
